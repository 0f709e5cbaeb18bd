package backup_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/storage/backup"
)

type thing struct {
	Name string
	Data string
}

// long is what takes three pieces, the last of them empty but for a byte.
var long = strings.Repeat("0123456789abcdef", 2<<20) + "!"

var sample = []thing{
	{"store/posts.native", long},
	{"store/marks.native", ""},
	{"files/keys/suppression", "secret\n"},
	{"files/ə b.txt", "Bakı"},
}

func write(t testing.TB, things []thing) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := backup.NewWriter(&out, backup.Manifest{Version: "test", Schema: 11, MadeAt: time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range things {
		if err := w.Add(x.Name, strings.NewReader(x.Data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What was written comes back, in order, pieces joined.
func TestWriteAndRead(t *testing.T) {
	file := write(t, sample)
	m, err := backup.Check(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if m.Schema != 11 || m.Version != "test" || len(m.Members) != 6 {
		t.Errorf("manifest %+v", m)
	}
	var got []thing
	err = backup.Each(bytes.NewReader(file), m, func(name string, r io.Reader) error {
		data, err := io.ReadAll(r)
		got = append(got, thing{name, string(data)})
		return err
	})
	if diff := cmp.Diff(sample, got); err != nil || diff != "" {
		t.Errorf("%v (-written +read):\n%.500s", err, diff)
	}
}

// The error of whoever reads ends it, and what they do not read is passed over.
func TestReaderGivesUp(t *testing.T) {
	file := write(t, sample)
	m, err := backup.Check(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	for at := range sample {
		n := 0
		err := backup.Each(bytes.NewReader(file), m, func(string, io.Reader) error {
			if n++; n == at+1 {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) || n != at+1 {
			t.Errorf("at %d: %v after %d", at, err, n)
		}
	}
	if err := backup.Each(bytes.NewReader(file), m, func(string, io.Reader) error { return nil }); err != nil {
		t.Errorf("nothing read: %v", err)
	}
}

// Whatever is changed or missing is found.
func TestDamageIsFound(t *testing.T) {
	file := write(t, sample[1:])
	check := func(what string, b []byte) {
		t.Helper()
		if _, err := backup.Check(bytes.NewReader(b)); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		b := bytes.Clone(file)
		// The last four bytes are a checksum of all, which is checked as well.
		bit := r.IntN(8 * len(b))
		b[bit/8] ^= 1 << (bit % 8)
		if _, err := backup.Check(bytes.NewReader(b)); err == nil {
			// A bit that says nothing: the content is the same.
			m, _ := backup.Check(bytes.NewReader(file))
			var got []thing
			err := backup.Each(bytes.NewReader(b), m, func(name string, r io.Reader) error {
				data, err := io.ReadAll(r)
				got = append(got, thing{name, string(data)})
				return err
			})
			if diff := cmp.Diff(sample[1:], got); err != nil || diff != "" {
				t.Errorf("bit %d changed what it holds in silence: %v", bit, err)
			}
		}
	}
	for n := range len(file) {
		check(fmt.Sprintf("cut after %d bytes", n), file[:n])
	}
	check("another backup's manifest", append(write(t, sample[1:3]), file...))
}

func TestChangedSinceItWasChecked(t *testing.T) {
	m, err := backup.Check(bytes.NewReader(write(t, sample[1:])))
	if err != nil {
		t.Fatal(err)
	}
	other := []thing{{"store/marks.native", ""}, {"files/keys/suppression", "SECRET\n"}}
	err = backup.Each(bytes.NewReader(write(t, other)), m, func(_ string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if strings.Contains(string(data), "SECRET") {
			t.Error("what is wrong was handed out")
		}
		return err
	})
	if !errors.Is(err, backup.ErrDamaged) {
		t.Error(err)
	}
}

func TestNamesStayInside(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../x", "/etc/passwd", "a/../../b", "a//b", "a\\b", "a\x00", "a.piece-000001"} {
		w, err := backup.NewWriter(io.Discard, backup.Manifest{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Add(name, strings.NewReader("x")); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
}

// Whatever the bytes, reading ends, with an error or with what a manifest vouches for.
func FuzzCheck(f *testing.F) {
	f.Add(write(f, sample[1:]))
	f.Add([]byte("\x28\xb5\x2f\xfd"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := backup.Check(bytes.NewReader(b))
		if err != nil {
			return
		}
		if err := backup.Each(bytes.NewReader(b), m, func(string, io.Reader) error { return nil }); err != nil {
			t.Errorf("it was whole, and then %v", err)
		}
	})
}
