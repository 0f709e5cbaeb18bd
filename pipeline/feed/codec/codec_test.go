package codec

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"winnow/pipeline/feed/codec/codectest"
	"winnow/pipeline/post"
)

var update = flag.Bool("update", false, "write the golden files anew")

func testCodec(t testing.TB) *Codec {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// batch is all that one payload holds.
type batch struct {
	Head
	Body
}

// sampleBatch returns a batch of n posts with the cursor "k".
func sampleBatch(source string, n, k int) batch {
	return batch{Head: Head{Source: source, Cursor: fmt.Appendf(nil, "%d", k)}, Body: Body{Posts: codectest.Posts(n, k*n)}}
}

func encode(c *Codec, b batch) ([]byte, error) { return c.Encode(b.Head, b.Body) }

func decode(c *Codec, payload []byte) (b batch, err error) {
	b.Head, b.Body, err = c.Decode(payload)
	return b, err
}

// plain returns a batch before compression.
func plain(b batch) []byte { return appendBatch(nil, b.Head, &b.Body) }

func decodePlain(raw []byte, version byte) (b batch, err error) {
	b.Head, b.Body, err = decodeBatch(raw, version)
	return b, err
}

// fullBatch has every field of every type set.
func fullBatch() batch {
	var b batch
	f := filler{next: func() uint64 { return 200 }}
	f.fill(reflect.ValueOf(&b).Elem())
	b.Posts[0].Platform, b.Posts[0].Kind = post.Mastodon, post.Quote
	b.Gaps[0].Platform, b.Gaps[0].Cause, b.Gaps[0].Fill = post.X, post.RateLimited, post.Lost
	return b
}

// v2 and v1 are what versions 2 and 1 could say of a batch.
func v2(b batch) batch {
	b.Posts = slices.Clone(b.Posts)
	for i := range b.Posts {
		b.Posts[i].Raw, b.Posts[i].Query = nil, ""
	}
	b.Receipt = post.Receipt{}
	return b
}

func v1(b batch) batch {
	b = v2(b)
	for i := range b.Posts {
		b.Posts[i].TimeSlack = 0
	}
	b.Gaps, b.Watches = nil, nil
	return b
}

// The bytes of the format are pinned: a log written before an update is read
// after it. Change the version with the bytes, and keep reading the old ones.
func TestFormatIsPinned(t *testing.T) {
	c := testCodec(t)
	for name, b := range map[string]batch{"full": fullBatch(), "sample": sampleBatch("archive/a", 3, 1)} {
		t.Run(name, func(t *testing.T) {
			unpacked, packed := filepath.Join("testdata", name+".v3.hex"), filepath.Join("testdata", name+".v3.payload")
			raw := plain(b)
			if *update {
				payload, err := encode(c, b)
				if err != nil {
					t.Fatal(err)
				}
				write(t, unpacked, []byte(wrapHex(raw)))
				write(t, packed, payload)
			}
			if got, want := wrapHex(raw), string(read(t, unpacked)); got != want {
				t.Errorf("the bytes changed (-golden +now):\n%s", cmp.Diff(want, got))
			}
			// Compression may change with the library; what it once wrote
			// stays readable.
			got, err := decode(c, read(t, packed))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(b, got); diff != "" {
				t.Errorf("the golden payload reads otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// What earlier versions wrote is read still. Their files in testdata were written
// by them and cannot be made again.
func TestEarlierVersionsAreStillRead(t *testing.T) {
	c := testCodec(t)
	for version, could := range map[byte]func(batch) batch{1: v1, 2: v2} {
		for name, full := range map[string]batch{"full": fullBatch(), "sample": sampleBatch("archive/a", 3, 1)} {
			t.Run(fmt.Sprintf("%s.v%d", name, version), func(t *testing.T) {
				file := filepath.Join("testdata", fmt.Sprintf("%s.v%d", name, version))
				want := could(full)
				got, err := decode(c, read(t, file+".payload"))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("payload (-want +got):\n%s", diff)
				}
				head, err := c.DecodeHead(read(t, file+".payload"))
				if err != nil || !reflect.DeepEqual(head, want.Head) {
					t.Errorf("head %+v, %v", head, err)
				}
				raw, err := hex.DecodeString(strings.ReplaceAll(string(read(t, file+".hex")), "\n", ""))
				if err != nil {
					t.Fatal(err)
				}
				if got, err = decodePlain(raw, version); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("bytes (-want +got):\n%s", diff)
				}
				// A version is what it was: its bytes are no batch of another.
				if _, err := decodePlain(raw, formatVersion); !errors.Is(err, ErrDamaged) {
					t.Errorf("read as version %d: %v, want ErrDamaged", formatVersion, err)
				}
				if _, err := decodePlain(plain(full), version); !errors.Is(err, ErrDamaged) {
					t.Errorf("version %d read as version %d: %v, want ErrDamaged", formatVersion, version, err)
				}
			})
		}
	}
}

// What was received comes back in a buffer of its own: the codec uses its own
// for the next batch.
func TestRawIsNotShared(t *testing.T) {
	c := testCodec(t)
	b := sampleBatch("s", 3, 1)
	b.Posts[0].Received([]byte("first"), "asked")
	b.Posts[2].Received([]byte("third"), "asked")
	payload, err := encode(c, b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(c, payload)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := encode(c, sampleBatch("another", 200, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(b, got); diff != "" {
		t.Errorf("(-in +out):\n%s", diff)
	}
}

// A batch of a cursor alone is what a source says every few seconds when
// nothing is posted.
func TestCursorAloneIsSmall(t *testing.T) {
	c := testCodec(t)
	in := batch{Head: Head{Source: "mastodon/social.example", Cursor: []byte("114720000000000001")}}
	payload, err := encode(c, in)
	if err != nil {
		t.Fatal(err)
	}
	if len(payload) > 80 {
		t.Errorf("%d bytes", len(payload))
	}
	out, err := decode(c, payload)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out); diff != "" {
		t.Errorf("(-in +out):\n%s", diff)
	}
}

func TestGapsAndWatchesAreLimited(t *testing.T) {
	c := testCodec(t)
	head := Head{Source: "s"}
	for n, want := range map[int]error{maxCoverage: nil, maxCoverage + 1: ErrTooLarge} {
		for what, b := range map[string]Body{
			"gaps":    {Gaps: make([]post.Gap, n)},
			"watches": {Watches: make([]post.Watch, n)},
		} {
			payload, err := c.Encode(head, b)
			if !errors.Is(err, want) {
				t.Errorf("%d %s: %v, want %v", n, what, err, want)
			}
			if err != nil {
				continue
			}
			if _, got, err := c.Decode(payload); err != nil || len(got.Gaps)+len(got.Watches) != n {
				t.Errorf("%d %s: %d and %d came back, %v", n, what, len(got.Gaps), len(got.Watches), err)
			}
		}
		// The same limit for bytes that somebody else wrote.
		raw := appendBatch(nil, head, &Body{Gaps: make([]post.Gap, n)})
		if _, err := decodePlain(raw, formatVersion); errors.Is(err, errTooMany) != (want != nil) {
			t.Errorf("%d gaps written by hand: %v", n, err)
		}
	}
}

func wrapHex(b []byte) string {
	var lines strings.Builder
	for len(b) > 0 {
		n := min(len(b), 32)
		lines.WriteString(hex.EncodeToString(b[:n]) + "\n")
		b = b[n:]
	}
	return lines.String()
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Each field alone survives, so a field added to the shared types and
// forgotten here fails this test.
func TestEachFieldSurvivesAlone(t *testing.T) {
	c := testCodec(t)
	var b batch
	seen := 0
	alone(t, reflect.ValueOf(&b).Elem(), "batch", func(path string) {
		seen++
		in := b
		if in.Source == "" {
			in.Source = "s"
		}
		payload, err := encode(c, in)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out, err := decode(c, payload)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if diff := cmp.Diff(in, out); diff != "" {
			t.Errorf("%s does not survive (-in +out):\n%s", path, diff)
		}
	})
	if seen < 62 {
		t.Errorf("only %d fields were tried", seen)
	}
}

// alone sets one leaf below v after the other, calls f, and clears it again.
func alone(t *testing.T, v reflect.Value, path string, f func(path string)) {
	t.Helper()
	switch {
	case v.Type() == reflect.TypeFor[time.Time](), v.Kind() == reflect.String, v.Kind() == reflect.Bool,
		v.Kind() == reflect.Uint64, v.Kind() == reflect.Uint32, v.Kind() == reflect.Int64, v.Kind() == reflect.Float64, v.Type() == reflect.TypeFor[[]byte]():
		f1 := filler{next: func() uint64 { return 5 }}
		f1.fill(v)
		f(path)
		v.SetZero()
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f(path)
		alone(t, v.Index(1), path+"[1]", f)
		v.SetZero()
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			alone(t, v.Field(i), path+"."+v.Type().Field(i).Name, f)
		}
	default:
		t.Fatalf("%s: a %s is nothing that this test can set", path, v.Kind())
	}
}

// filler fills values by reflection from numbers, knowing nothing of the codec.
type filler struct{ next func() uint64 }

func (f *filler) fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		// Within the years that Winnow accepts, and the zero time.
		if n := f.next(); n != 0 {
			v.Set(reflect.ValueOf(time.Unix(int64(n)*10_000_019, int64(n)*3_000_007%1_000_000_000).UTC()))
		}
	case v.Kind() == reflect.String:
		v.SetString(strings.Repeat(string(rune('a'+f.next()%26)), int(f.next()%300)))
	case v.Kind() == reflect.Bool:
		v.SetBool(f.next()%3 != 0)
	case v.Kind() == reflect.Uint64:
		v.SetUint(f.next() * 0x0102030405060708)
	case v.Kind() == reflect.Uint32:
		v.SetUint(f.next() * 0x01010101)
	case v.Kind() == reflect.Int64:
		v.SetInt(int64(f.next()) * -0x01020304)
	case v.Kind() == reflect.Float64:
		v.SetFloat(float64(f.next()) / 256)
	case v.Type() == reflect.TypeFor[[]byte]():
		if n := f.next() % 70; n > 0 {
			v.SetBytes(bytes.Repeat([]byte{byte(n)}, int(n)))
		}
	case v.Kind() == reflect.Slice:
		if n := int(f.next() % 5); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		} else if f.next() == 200 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	}
}

// Any batch within the limits comes back equal to what went in, whatever its
// fields hold, as a comparison by reflection sees it.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("Games2015 opening day"))
	f.Add(bytes.Repeat([]byte{200, 1, 3, 0, 7, 255}, 100))
	c := testCodec(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var in batch
		fl := filler{next: func() uint64 {
			if len(data) == 0 {
				return 0
			}
			n := data[0]
			data = data[1:]
			return uint64(n)
		}}
		fl.fill(reflect.ValueOf(&in).Elem())
		if in.Source == "" {
			in.Source = "s"
		}
		payload, err := encode(c, in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := decode(c, payload)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(in, out) {
			t.Errorf("(-in +out):\n%s", cmp.Diff(in, out))
		}
		head, err := c.DecodeHead(payload)
		if err != nil || !reflect.DeepEqual(head, in.Head) {
			t.Errorf("head %+v, %v", head, err)
		}
	})
}

// Any bytes either decode to a batch that encodes and decodes to itself, or
// are refused as damaged; nothing panics.
func FuzzDecode(f *testing.F) {
	c := testCodec(f)
	for _, b := range []batch{fullBatch(), sampleBatch("archive/a", 3, 1), {Head: Head{Source: "s"}}} {
		raw := plain(b)
		f.Add(raw)
		payload, err := encode(c, b)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
	}
	for _, name := range []string{"full.v1", "sample.v1", "full.v2", "sample.v2"} {
		payload, err := os.ReadFile(filepath.Join("testdata", name+".payload"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
		raw, err := c.decompress(nil, payload)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := decode(c, data); err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("payload: %v is not ErrDamaged", err)
		}
		for version := byte(firstVersion); version <= formatVersion; version++ {
			got, err := decodePlain(data, version)
			if err != nil {
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("plain, version %d: %v is not ErrDamaged", version, err)
				}
				continue
			}
			again, err := decodePlain(plain(got), formatVersion)
			if err != nil {
				t.Fatal(err)
			}
			// A share that is no number equals no other.
			if diff := cmp.Diff(got, again, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("version %d (-first +second):\n%s", version, diff)
			}
		}
	})
}

func TestDamagedPayloads(t *testing.T) {
	c := testCodec(t)
	b := sampleBatch("archive/a", 3, 1)
	payload, err := encode(c, b)
	if err != nil {
		t.Fatal(err)
	}
	raw := plain(b)
	pack := func(raw []byte) []byte { return c.enc.EncodeAll(raw, []byte{formatVersion}) }
	noPosts := appendText(appendText(nil, "s"), "")
	for name, damaged := range map[string][]byte{
		"empty":               {},
		"version 0":           append([]byte{0}, payload[1:]...),
		"later version":       append([]byte{formatVersion + 1}, payload[1:]...),
		"cut":                 payload[:len(payload)-5],
		"a flipped bit":       flip(payload, len(payload)/2),
		"bytes after the end": pack(append(bytes.Clone(raw), 0)),
		"plain cut":           pack(raw[:len(raw)-1]),
		"no source":           pack(make([]byte, 8)),
		// No cursor, posts or deletions, then more gaps than there are bytes.
		"many gaps":    pack(append(bytes.Clone(noPosts), 0, 0, 0, 0xff, 0x4e)),
		"many watches": pack(append(bytes.Clone(noPosts), 0, 0, 0, 0, 0xff, 0x4e)),
		// What was received of the first of no posts, and of a fourth of three.
		"received of nothing": pack(append(bytes.Clone(noPosts), 0, 0, 0, 0, 0, hasReceipt, 0, 0, 0, 1, 0, 0, 0)),
		"received of another": pack(append(raw[:len(raw)-1:len(raw)-1], hasReceipt, 0, 0, 0, 1, 3, 0, 1, 'x')),
		"unknown receipt":     pack(append(raw[:len(raw)-1:len(raw)-1], knownReceipt+1)),
		// A cursor of no bytes, then more posts than there are bytes.
		"many posts": pack(append(bytes.Clone(noPosts), 0, 0xff, 0xff, 0x3f)),
		// A terabyte of cursor.
		"long cursor": pack(append(bytes.Clone(noPosts), 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f)),
		// 5 kB that claim to be more than a batch may hold.
		"bomb": pack(make([]byte, maxRaw+1)),
	} {
		got, err := decode(c, damaged)
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %d posts, %v; want ErrDamaged", name, len(got.Posts), err)
		}
	}
}

// A payload that packs as many records as it can into its bytes takes bounded
// memory to decode.
func TestDecodingIsBounded(t *testing.T) {
	// One post with as many empty links as a text of zeros holds.
	raw := appendText(appendText(nil, "s"), "")
	raw = append(raw, 0, 1) // no cursor, one post
	head := []byte{0x80, 0x40, 1, 1, 0, 0, 0, 0}
	if uint64(hasLinks) != 1<<13 {
		t.Fatal("this test spells out the flags")
	}
	links := appendTexts(nil, make([]string, maxElements+1))
	section := append(head, links...)
	raw = append(raw, byte(len(section)), byte(len(section)>>8), byte(len(section)>>16), byte(len(section)>>24))
	raw = append(append(raw, section...), 0, 0, 0, 0)
	if _, err := decodePlain(raw, formatVersion); !errors.Is(err, errTooMany) {
		t.Errorf("got %v, want %v", err, errTooMany)
	}
}

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 0x10
	return b
}
