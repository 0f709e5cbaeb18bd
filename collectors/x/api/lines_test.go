package api_test

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/wire"
	"winnow/collectors/x/api"
	"winnow/collectors/x/v1"
	"winnow/collectors/x/v2"
)

func itoa(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// read gathers messages, "TOO LONG" for skipped ones, and the error at the end.
func read(r io.Reader, most int) (all []string, end error) {
	lines := api.Lines(r, most)
	for {
		line, err := lines.Next()
		switch {
		case errors.Is(err, api.ErrTooLong):
			all = append(all, "TOO LONG")
		case err != nil:
			return all, err
		default:
			all = append(all, string(line))
		}
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	broken := errors.New("broken")
	for _, c := range []struct {
		name, in string
		most     int
		want     []string
	}{
		{"newlines", "one\ntwo\r\nthree\n", 100, []string{"one", "two", "three"}},
		{"keep-alives", "\r\n\r\none\r\n\n \n\r\ntwo\r\n", 100, []string{"one", "two"}},
		{"no end", "one\ntwo", 100, []string{"one", "two"}},
		{"nothing", "", 100, nil},
		{"only keep-alives", "\r\n\r\n", 100, nil},
		{"as long as may be", "12345\r\n12345\n", 5, []string{"12345", "12345"}},
		{"too long", "123456\none\n", 5, []string{"TOO LONG", "one"}},
		{"much too long", long + "\none\n", 5, []string{"TOO LONG", "one"}},
		{"longer than the buffer", long + "\none\n", 1 << 20, []string{long, "one"}},
		{"too long and no end", long, 5, []string{"TOO LONG"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{
				strings.NewReader(c.in),
				iotest.OneByteReader(strings.NewReader(c.in)),
				iotest.DataErrReader(strings.NewReader(c.in)),
			} {
				got, err := read(r, c.most)
				if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(err, io.EOF) {
					t.Errorf("%v (-want +got):\n%.500s", err, diff)
				}
			}
		})
	}
	got, err := read(io.MultiReader(strings.NewReader("one\nhal"), iotest.ErrReader(broken)), 100)
	if diff := cmp.Diff([]string{"one"}, got); diff != "" || !errors.Is(err, broken) {
		t.Errorf("a broken line: %v (-want +got):\n%s", err, diff)
	}
}

// Whatever the bytes and however they are cut, the messages are the trimmed,
// non-empty lines in their order, those longer than allowed being marked.
func FuzzLines(f *testing.F) {
	f.Add([]byte("one\r\n\r\ntwo\nthree"), 3)
	f.Add([]byte("\n\n\xff\n"), 1)
	f.Add(bytes.Repeat([]byte("x"), 70_000), 66_000)
	f.Fuzz(func(t *testing.T, in []byte, most int) {
		most = 1 + (most&0x7fffffff)%100_000
		var want []string
		for line := range strings.SplitSeq(string(in), "\n") {
			if whole := strings.TrimRight(line, "\r"); len(whole) > most {
				want = append(want, "TOO LONG")
			} else if line = strings.Trim(line, " \t\r\n"); line != "" {
				want = append(want, line)
			}
		}
		for _, r := range []io.Reader{bytes.NewReader(in), iotest.HalfReader(bytes.NewReader(in))} {
			got, err := read(r, most)
			if diff := cmp.Diff(want, got); diff != "" || !errors.Is(err, io.EOF) {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
	})
}

// endless repeats its lines for ever.
type endless struct {
	lines []byte
	at    int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.lines[e.at:])
	e.at = (e.at + n) % len(e.lines)
	return n, nil
}

const (
	line1 = `{"created_at":"Fri Jun 12 18:00:05 +0000 2015","id":609400000000000001,"id_str":"609400000000000001",` +
		`"text":"Opening night &amp; empty cells #Baku2015 #HumanRights https://t.co/aaa","truncated":false,` +
		`"entities":{"hashtags":[{"text":"Baku2015","indices":[29,38]},{"text":"HumanRights","indices":[39,51]}],` +
		`"urls":[{"url":"https://t.co/aaa","expanded_url":"https://rights.example/report","indices":[52,68]}],` +
		`"user_mentions":[],"symbols":[]},"user":{"id":1001,"id_str":"1001","name":"Anna Example","screen_name":"anna_example",` +
		`"followers_count":120,"friends_count":80,"statuses_count":900,"created_at":"Tue Mar 03 10:00:00 +0000 2009",` +
		`"description":"reporter","default_profile_image":false},"retweet_count":3,"favorite_count":5,"lang":"en"}`
	line2 = `{"data":{"author_id":"1001","created_at":"2015-06-12T18:00:05.000Z","edit_history_tweet_ids":["609400000000000001"],` +
		`"entities":{"hashtags":[{"start":29,"end":38,"tag":"Baku2015"},{"start":39,"end":51,"tag":"HumanRights"}],` +
		`"urls":[{"url":"https://t.co/aaa","expanded_url":"https://rights.example/report"}]},"id":"609400000000000001","lang":"en",` +
		`"public_metrics":{"retweet_count":3,"like_count":5,"reply_count":0,"quote_count":0,"impression_count":60},` +
		`"text":"Opening night &amp; empty cells #Baku2015 #HumanRights https://t.co/aaa"},` +
		`"includes":{"users":[{"created_at":"2009-03-03T10:00:00.000Z","id":"1001","name":"Anna Example","username":"anna_example",` +
		`"description":"reporter","profile_image_url":"https://pbs.example/a.jpg",` +
		`"public_metrics":{"followers_count":120,"following_count":80,"tweet_count":900},"verified":false}]},` +
		`"matching_rules":[{"id":"711","tag":"winnow:games"}]}`
)

// BenchmarkStream measures one post from the bytes of a stream to package post.
func BenchmarkStream(b *testing.B) {
	for _, c := range []struct {
		name, line string
		decode     func([]byte, *wire.Message)
	}{{"v1", line1, v1.Decode}, {"v2", line2, v2.Decode}, {"lines", line2, func([]byte, *wire.Message) {}}} {
		b.Run(c.name, func(b *testing.B) {
			lines := api.Lines(&endless{lines: []byte(c.line + "\r\n\r\n")}, 0)
			b.SetBytes(int64(len(c.line)))
			b.ReportAllocs()
			var m wire.Message
			for b.Loop() {
				line, err := lines.Next()
				if err != nil {
					b.Fatal(err)
				}
				m.Posts = m.Posts[:0]
				c.decode(line, &m)
				if len(m.Rejects) > 0 {
					b.Fatal(m.Rejects[0])
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
