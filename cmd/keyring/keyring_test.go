package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	dir := t.TempDir()
	r := In(dir)
	a, err := r.Pseudonyms("Baku2015")
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Pseudonyms("another/../campaign")
	if err != nil || a == b {
		t.Errorf("two campaigns share a key: %v", err)
	}
	if again, err := In(dir).Pseudonyms("Baku2015"); err != nil || again != a {
		t.Errorf("a campaign's key changed: %v", err)
	}
	if s, err := r.Suppression(); err != nil || s == a || s == b {
		t.Errorf("suppression: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "keys", "*"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, path := range append(files, filepath.Join(dir, "keys")) {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", path, err)
		}
	}
	if err := errors.Join(r.Forget("Baku2015"), r.Forget("Baku2015")); err != nil {
		t.Error(err)
	}
	if anew, err := r.Pseudonyms("Baku2015"); err != nil || anew == a {
		t.Errorf("a key that was forgotten came back: %v", err)
	}
}

func TestSigning(t *testing.T) {
	r := In(t.TempDir())
	if _, err := r.Signing(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key that nobody made: %v", err)
	}
	made, err := r.MakeSigning()
	if err != nil {
		t.Fatal(err)
	}
	if read, err := r.Signing(); err != nil || read != made {
		t.Errorf("not the key that was made: %v", err)
	}
	if _, err := r.MakeSigning(); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second key took the place of the first: %v", err)
	}
}

func TestDamagedKeys(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "00\n", strings.Repeat("0", 64), strings.Repeat("z", 64) + "\n", strings.Repeat("0", 64) + "\nmore"} {
		if err := os.WriteFile(filepath.Join(dir, "keys", "suppression"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := In(dir).Suppression(); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestKeyDoesNotPrint(t *testing.T) {
	k := Key{[KeySize]byte{1, 2, 3}}
	for _, text := range []string{fmt.Sprint(k), fmt.Sprintf("%v %+v %#v %s", k, k, k, k)} {
		if strings.ContainsAny(text, "0123456789[{") {
			t.Errorf("it prints as %s", text)
		}
	}
}

func TestHashKnowsWhereAPartEnds(t *testing.T) {
	k := Key{[KeySize]byte{1}}
	if k.Hash("ab", "c") == k.Hash("a", "bc") {
		t.Error("ab+c is a+bc")
	}
	if (Key{}).Hash("a") == k.Hash("a") {
		t.Error("the key does not matter")
	}
}
