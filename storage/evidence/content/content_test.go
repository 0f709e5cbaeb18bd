package content

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func codec(t testing.TB) *Codec {
	t.Helper()
	c, err := NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The form is a promise to whoever holds a head. The hash was computed with sha256sum.
func TestForm(t *testing.T) {
	r := Record{
		Platform: "mastodon", PostID: "https://example.org/1", NativeID: "1", AccountID: "https://example.org/a", Source: "mastodon/example.org",
		Version: "1.2", Query: "#a&b", ReceivedAt: time.Date(2031, 7, 4, 14, 0, 0, 5, time.FixedZone("", 7200)),
		Clock: Clock{Known: true, Synchronised: true, MaxError: time.Millisecond, EstError: time.Microsecond}, Raw: []byte("caf\xe9\r\n"),
	}
	line, err := r.JSON()
	const want = `{"platform":"mastodon","post_id":"https://example.org/1","native_id":"1","account_id":"https://example.org/a","source":"mastodon/example.org","version":"1.2","query":"#a&b","received_at":"2031-07-04T12:00:00.000000005Z","clock":{"known":true,"synchronised":true,"max_error_ns":1000000,"est_error_ns":1000},"raw":"Y2Fm6Q0K"}`
	if err != nil || string(line) != want {
		t.Errorf("%s, %v", line, err)
	}
	if got := Commit(Salt{1}, line).String(); got != "dfedd9bf2f604c7f77a1f253895651711876dc1e479bdf9106901ee23dff05c6" {
		t.Errorf("%s", got)
	}
	got, err := Parse(line)
	r.ReceivedAt = r.ReceivedAt.UTC()
	if err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("%+v, %v", got, err)
	}
	if id, ok := PostID(line); id != r.PostID || !ok {
		t.Errorf("%q, %v", id, ok)
	}
	salt, again, err := ParseProof(Proof(Salt{1}, line))
	if salt != (Salt{1}) || !bytes.Equal(again, line) || err != nil {
		t.Errorf("%v, %s, %v", salt, again, err)
	}
	r.ReceivedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := r.JSON(); err == nil {
		t.Error("a year of five digits was written")
	}
	if _, err := Parse([]byte("[]")); err == nil {
		t.Error("a list is a record")
	}
	for _, bad := range []string{"", "{}", `{"post_id":5}`} {
		if id, ok := PostID([]byte(bad)); ok {
			t.Errorf("%q has the id %q", bad, id)
		}
	}
}

// The id of a post is found whatever stands before it.
func TestPostID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Record{Platform: rapid.SampledFrom([]string{`"post_id":"x"`, `\"post_id":`, "mastodon"}).Draw(t, "platform"), PostID: rapid.String().Draw(t, "id")}
		line, err := r.JSON()
		if err != nil {
			t.Skip(err)
		}
		if id, ok := PostID(line); id != r.PostID || !ok {
			t.Fatalf("%q, %v in %s", id, ok, line)
		}
	})
}

func blocks() []Block {
	return []Block{
		{Position: Position{1, 2}, Items: []Item{{Number: 5, Salt: Salt{1}, Line: []byte(`{"a":1}`)}, {Number: 6, Erased: time.Date(2031, 7, 4, 12, 0, 0, 0, time.UTC)}}},
		{Position: Position{1, 3}, Items: []Item{{Number: 7, Salt: Salt{2}, Line: []byte(`{"b":"` + strings.Repeat("two ", 20) + `"}`)}}},
	}
}

func written(t testing.TB, c *Codec, list []Block) (data []byte, ends []int) {
	t.Helper()
	var err error
	for _, b := range list {
		if data, err = c.Append(data, b); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, len(data))
	}
	return data, ends
}

func read(c *Codec, data []byte) ([]Block, int64, error) {
	r := c.Reader(bytes.NewReader(data))
	var list []Block
	for {
		b, err := r.Next()
		if err != nil {
			return list, r.Bytes(), err
		}
		list = append(list, b)
	}
}

// Blocks are read as they were written; cut off anywhere, those before are, and how many
// bytes they take is known; and no bit can be turned.
func TestBlocks(t *testing.T) {
	c := codec(t)
	want := blocks()
	data, ends := written(t, c, want)
	got, size, err := read(c, data)
	if err != io.EOF || size != int64(len(data)) || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %d, %v", got, size, err)
	}
	for n := range len(data) {
		got, size, err := read(c, data[:n])
		whole := 0
		if n >= ends[0] {
			whole = 1
		}
		if cut := n != 0 && n != ends[0]; errors.Is(err, ErrDamaged) != cut || len(got) != whole || size != int64([]int{0, ends[0]}[whole]) {
			t.Errorf("cut at %d: %d blocks of %d bytes, %v", n, len(got), size, err)
		}
	}
	for bit := range 8 * len(data) {
		data[bit/8] ^= 1 << (bit % 8)
		if _, _, err := read(c, data); !errors.Is(err, ErrDamaged) {
			t.Errorf("bit %d of byte %d was turned: %v", bit%8, bit/8, err)
		}
		data[bit/8] ^= 1 << (bit % 8)
	}
}

// What is whole and says what cannot be is refused as well.
func TestLies(t *testing.T) {
	c := codec(t)
	for name, b := range map[string]Block{
		"numbers with a hole": {Items: []Item{{Number: 1, Line: []byte("{}")}, {Number: 3, Line: []byte("{}")}}},
		"no number":           {Items: []Item{{Number: 0, Line: []byte("{}")}}},
		"two lines in one":    {Items: []Item{{Number: 1, Line: []byte("{}\nx")}}},
	} {
		data, _ := written(t, c, []Block{b})
		if _, _, err := read(c, data); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Append(nil, Block{Items: []Item{{Number: 1, Line: make([]byte, MaxBlock)}}}); err == nil {
		t.Error("a block of any size is written")
	}
}

func TestErase(t *testing.T) {
	now := time.Date(2031, 7, 4, 12, 0, 0, 999, time.UTC)
	b := blocks()[0]
	n, err := b.Erase(now, func(i Item) (bool, error) { return i.Number == 5, nil })
	if n != 1 || err != nil || b.Items[0].Present() || b.Items[0].Line != nil || b.Items[0].Salt != (Salt{}) || b.Items[0].Number != 5 {
		t.Errorf("%d, %v, %+v", n, err, b)
	}
	if n, err = b.Erase(now, func(Item) (bool, error) { return true, nil }); n != 0 || err != nil {
		t.Errorf("erased again: %d, %v", n, err)
	}
	no := errors.New("no")
	if _, err := blocks()[0].Erase(now, func(Item) (bool, error) { return false, no }); !errors.Is(err, no) {
		t.Error(err)
	}
}

func TestAfter(t *testing.T) {
	for _, c := range []struct {
		a, b Position
		want bool
	}{
		{Position{1, 2}, Position{1, 1}, true},
		{Position{1, 1}, Position{1, 1}, false},
		{Position{2, 1}, Position{1, 9}, true},
		{Position{1, 9}, Position{2, 1}, false},
	} {
		if got := c.a.After(c.b); got != c.want {
			t.Errorf("%v after %v: %v", c.a, c.b, got)
		}
	}
}

// Whatever is in a file, reading it ends and takes no more memory than a block may; and
// what could be read is written again so that it is read the same.
func FuzzBlocks(f *testing.F) {
	c := codec(f)
	data, _ := written(f, c, blocks())
	f.Add(data)
	f.Add(data[:40])
	f.Fuzz(func(t *testing.T, data []byte) {
		got, size, err := read(c, data)
		if err == nil || size > int64(len(data)) {
			t.Fatalf("%d bytes, %v", size, err)
		}
		if len(got) == 0 {
			return
		}
		again, _ := written(t, c, got)
		if twice, _, err := read(c, again); err != io.EOF || !reflect.DeepEqual(got, twice) {
			t.Errorf("%+v, then %+v, %v", got, twice, err)
		}
	})
}

// Whatever text is in a frame, its records are those lines, or it is refused.
func FuzzRecords(f *testing.F) {
	c := codec(f)
	for _, b := range blocks() {
		f.Add(b.text())
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			return
		}
		l := label{first: 5, count: uint64(bytes.Count(text, []byte("\n")))}
		b, err := c.open(l, c.pack.EncodeAll(text, nil))
		if err == nil && !bytes.Equal(b.text(), text) {
			t.Errorf("%q was read, and is written %q", text, b.text())
		}
		if salt, line, err := ParseProof(text); err == nil && !bytes.Equal(Proof(salt, line), text) {
			t.Errorf("%q was read as a proof of %q", text, line)
		}
		if r, err := Parse(text); err == nil {
			if _, err := r.JSON(); err != nil && !errors.Is(err, errSpoilt) && r.ReceivedAt.Year() < 10000 && r.ReceivedAt.Year() >= 0 {
				t.Error(err)
			}
		}
	})
}
