package seal

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/pem"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"
)

var facts = []Fact{{"finding", "f00d"}, {"profile", "share"}}

func files() []File {
	return []File{
		{Path: "README.txt", What: "how to verify", Data: []byte("read me\n")},
		{Path: "data/posts.csv", What: "the posts", Data: []byte("a,b\r\n1,2\r\n")},
		{Path: "data/empty", What: "nothing"},
	}
}

func signer(t testing.TB, of byte) *Signer {
	t.Helper()
	s, err := NewSigner(bytes.Repeat([]byte{of}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pack(t testing.TB, files []File, s *Signer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Pack(&b, facts, files, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verify(t testing.TB, archive []byte) *Report {
	t.Helper()
	r, err := Verify(archive)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPackAndVerify(t *testing.T) {
	for _, s := range []*Signer{nil, signer(t, 1)} {
		archive := pack(t, files(), s)
		if !bytes.Equal(archive, pack(t, files(), s)) {
			t.Error("the same files gave other bytes")
		}
		r := verify(t, archive)
		if !r.OK() {
			t.Fatalf("faults: %q", r.Faults)
		}
		if r.Signed != (s != nil) || s != nil && !r.Key.Equal(s.Public()) {
			t.Errorf("signed %v by %v", r.Signed, r.Key)
		}
		if r.Manifest.Fact("finding") != "f00d" || string(r.Files["data/posts.csv"]) != "a,b\r\n1,2\r\n" || len(r.Files) != 3 {
			t.Errorf("read %v, %q", r.Manifest, r.Files)
		}
	}
}

func TestPathsThatAreNotPacked(t *testing.T) {
	for _, path := range []string{"", ".", "/etc/passwd", "../up", "a//b", "a b", "a\nb", "ü", SumsFile, SignatureFile, ManifestFile} {
		if err := Pack(io.Discard, nil, []File{{Path: path}}, nil); err == nil {
			t.Errorf("%q was packed", path)
		}
	}
	if err := Pack(io.Discard, nil, []File{{Path: "a"}, {Path: "a"}}, nil); err == nil {
		t.Error("one path was packed twice")
	}
}

// parts are the files of an archive, those that it was not made for included.
func parts(t *testing.T, archive []byte) (out []File) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		data, err := read(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, File{Path: f.Name, Data: data})
	}
	return out
}

// Whatever is done to an archive by whoever cannot sign it is told by its name.
func TestTampering(t *testing.T) {
	honest := pack(t, files(), signer(t, 1))
	at := func(all []File, path string) int {
		return slices.IndexFunc(all, func(f File) bool { return f.Path == path })
	}
	tests := map[string]struct {
		change func(all []File) []File
		want   string
	}{
		"a file changed": {func(all []File) []File {
			all[at(all, "data/posts.csv")].Data = []byte("a,b\r\n1,3\r\n")
			return all
		}, "data/posts.csv: changed"},
		"a file dropped": {func(all []File) []File {
			i := at(all, "data/empty")
			return slices.Delete(all, i, i+1)
		}, "data/empty: missing"},
		"a file added": {func(all []File) []File {
			return append(all, File{Path: "data/more", Data: []byte("x")})
		}, "data/more: added"},
		"a file twice": {func(all []File) []File {
			return append(all, File{Path: "data/empty", Data: []byte("x")})
		}, "data/empty: there is more than one file"},
		"two files in another order": {func(all []File) []File {
			n := len(all)
			all[n-1], all[n-2] = all[n-2], all[n-1]
			return all
		}, "another order"},
		"two files by each other's names": {func(all []File) []File {
			n := len(all)
			all[n-1].Data, all[n-2].Data = all[n-2].Data, all[n-1].Data
			return all
		}, "data/empty: changed"},
		"the manifest changed": {func(all []File) []File {
			i := at(all, ManifestFile)
			all[i].Data = bytes.Replace(all[i].Data, []byte("f00d"), []byte("f00e"), 1)
			return all
		}, "manifest.json: changed"},
		"the manifest dropped": {func(all []File) []File {
			i := at(all, ManifestFile)
			return slices.Delete(all, i, i+1)
		}, "manifest.json: missing"},
		"the sums dropped": {func(all []File) []File {
			i := at(all, SumsFile)
			return slices.Delete(all, i, i+1)
		}, "SHA256SUMS: missing"},
		"a sum changed": {func(all []File) []File {
			i := at(all, SumsFile)
			all[i].Data = bytes.Replace(all[i].Data, []byte("  data/empty"), []byte("  data/none"), 1)
			return all
		}, "data/empty: added"},
		"the signature dropped": {func(all []File) []File {
			i := at(all, SignatureFile)
			return slices.Delete(all, i, i+1)
		}, "SHA256SUMS.sig: missing"},
		"the signature of another archive": {func(all []File) []File {
			other := parts(t, pack(t, files()[:1], signer(t, 1)))
			all[at(all, SignatureFile)].Data = other[at(other, SignatureFile)].Data
			return all
		}, "SHA256SUMS.sig: the signature does not fit"},
		"the signature of another key": {func(all []File) []File {
			sums := all[at(all, SumsFile)].Data
			forged, err := signer(t, 2).sign(sums)
			if err != nil {
				t.Fatal(err)
			}
			all[at(all, SignatureFile)].Data = forged
			return all
		}, "another key than the manifest names"},
		"the signature with another ending": {func(all []File) []File {
			i := at(all, SignatureFile)
			all[i].Data = append(slices.Clone(all[i].Data), '\n')
			return all
		}, "not written as signatures are"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := writeZIP(&b, tt.change(parts(t, honest))); err != nil {
				t.Fatal(err)
			}
			if r := verify(t, b.Bytes()); !strings.Contains(strings.Join(r.Faults, "\n"), tt.want) {
				t.Errorf("faults %q, want %q", r.Faults, tt.want)
			}
		})
	}
	if r := verify(t, pack(t, files(), signer(t, 2))); !r.OK() || r.Key.Equal(signer(t, 1).Public()) {
		t.Error("an archive that was packed again with another key passes for that of the first")
	}
}

// Every bit of an archive counts: one that is another is always told.
func TestBitFlips(t *testing.T) {
	archive := pack(t, files(), signer(t, 1))
	dice := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		i, bit := dice.IntN(len(archive)), byte(1)<<dice.IntN(8)
		archive[i] ^= bit
		if r, err := Verify(archive); err == nil && r.OK() {
			t.Fatalf("bit %#x of byte %d was flipped, and nothing was found", bit, i)
		}
		archive[i] ^= bit
	}
	if r := verify(t, archive); !r.OK() {
		t.Errorf("the archive as it was: %q", r.Faults)
	}
}

func TestVerifyReadsNoZIP(t *testing.T) {
	for _, text := range []string{"", "PK", "hello"} {
		if _, err := Verify([]byte(text)); err == nil || !strings.Contains(err.Error(), "no ZIP file") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Common programs say the same: unzip is Go's here, sha256sum and ssh-keygen are those of
// the system.
func TestOtherProgramsVerify(t *testing.T) {
	dir := t.TempDir()
	key := signer(t, 1)
	for _, f := range parts(t, pack(t, files(), key)) {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "signers"), []byte("winnow "+key.Public().String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(input string, command ...string) error {
		t.Helper()
		if _, err := exec.LookPath(command[0]); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Dir = dir
		if input != "" {
			in, err := os.Open(filepath.Join(dir, input))
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close() //nolint:errcheck // read only
			cmd.Stdin = in
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	}
	check := func() (sums, signature error) {
		return run("", "sha256sum", "--check", "--strict", SumsFile),
			run(SumsFile, "ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "winnow", "-n", Namespace, "-s", SignatureFile)
	}
	if sums, signature := check(); sums != nil || signature != nil {
		t.Fatalf("as it was packed: %v, %v", sums, signature)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "posts.csv"), []byte("a,b\r\n1,3\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "signers"), []byte("winnow "+signer(t, 2).Public().String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if sums, signature := check(); sums == nil || signature == nil {
		t.Errorf("a changed file and another key: %v, %v", sums, signature)
	}
}

func TestEncrypt(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	to, err := ParseReceivers("# Leyla", "", id.Recipient().String(), signer(t, 3).Public().String())
	if err != nil || len(to) != 2 {
		t.Fatalf("%d receivers, %v", len(to), err)
	}
	var b bytes.Buffer
	w, err := to.Encrypt(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(pack(t, files(), nil)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !IsEncrypted(b.Bytes()) || IsEncrypted(pack(t, files(), nil)) {
		t.Error("what is encrypted and what not is not told apart")
	}
	openSSH, err := ssh.MarshalPrivateKey(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, 32)), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{id.String() + "\n", string(pem.EncodeToMemory(openSSH))} {
		in, err := Decrypt(bytes.NewReader(b.Bytes()), []byte(key))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(in); err != nil || !verify(t, plain).OK() {
			t.Errorf("%v", err)
		}
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decrypt(bytes.NewReader(b.Bytes()), []byte(other.String())); err == nil {
		t.Error("another key opened it")
	}
	if _, err := ParseReceivers("age1nonsense", "ssh-ed25519 x", "hello"); err == nil || strings.Count(err.Error(), "read a receiver's key") != 3 {
		t.Errorf("three mistakes: %v", err)
	}
}

func TestParsePublicKey(t *testing.T) {
	key := signer(t, 1).Public()
	again, err := ParsePublicKey(key.String() + " a remark\n")
	if err != nil || !again.Equal(key) || again.Equal(signer(t, 2).Public()) || again.Fingerprint() != key.Fingerprint() {
		t.Errorf("%v, %v", again, err)
	}
	if _, err := ParsePublicKey("nonsense"); err == nil {
		t.Error("nonsense is a key")
	}
	if (PublicKey{}).Equal(PublicKey{}) {
		t.Error("no key equals no key")
	}
}

// Whatever bytes come, Verify ends, and says OK only of an archive that packs to those
// bytes.
func FuzzVerify(f *testing.F) {
	f.Add(pack(f, files(), nil))
	f.Add(pack(f, files(), signer(f, 1)))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, archive []byte) {
		r, err := Verify(archive)
		if err != nil || !r.OK() {
			return
		}
		var packed []File
		for _, e := range r.Manifest.Files {
			packed = append(packed, File{Path: e.Path, What: e.What, Data: r.Files[e.Path]})
		}
		var again bytes.Buffer
		if r.Signed {
			return // only who has the key can do it again
		}
		if err := Pack(&again, r.Manifest.Facts, packed, nil); err != nil || !bytes.Equal(again.Bytes(), archive) {
			t.Errorf("OK, but packs to other bytes: %v", err)
		}
	})
}
