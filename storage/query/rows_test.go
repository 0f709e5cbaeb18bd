package query_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"

	"winnow/storage/query"
)

// result is a result of one column of numbers that breaks where it is told to.
type result struct {
	driver.Rows
	left              []int
	scan, end, atExit error
	closed            bool
}

func (r *result) Next() bool { return len(r.left) > 0 }

func (r *result) Scan(dest ...any) error {
	*dest[0].(*int), r.left = r.left[0], r.left[1:]
	return r.scan
}

func (r *result) Err() error { return r.end }

func (r *result) Close() error {
	r.closed = true
	return r.atExit
}

func TestCollectReadsAllAndLosesNoError(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		rows *result
		want []int
		err  error
	}{
		"all rows":              {rows: &result{left: []int{3, 1, 2}}, want: []int{3, 1, 2}},
		"no rows":               {rows: &result{}},
		"a row cannot be read":  {rows: &result{left: []int{1}, scan: broken}, err: broken},
		"the result is cut off": {rows: &result{left: []int{1}, end: broken}, err: broken},
		"closing fails":         {rows: &result{left: []int{1}, atExit: broken}, err: broken},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := query.Collect(c.rows, "counting", func(n *int) []any { return []any{n} })
			if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if err != nil && err.Error() != "counting: broken" {
				t.Errorf("the error does not say what was attempted: %v", err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if !c.rows.closed {
				t.Error("the result was left open")
			}
		})
	}
}

func TestTimesTravelAsUTC(t *testing.T) {
	at := time.Date(2015, 6, 12, 2, 0, 0, 7_900_000, time.FixedZone("", 4*3600))
	if got, want := query.Second(at), "2015-06-11 22:00:00"; got != want {
		t.Errorf("second %q, want %q", got, want)
	}
	if got, want := query.Milli(at), "2015-06-11 22:00:00.007"; got != want {
		t.Errorf("milli %q, want %q", got, want)
	}
}

func TestBoundKeepsWhatTheStoreCanHold(t *testing.T) {
	at := time.Date(2015, 6, 12, 2, 0, 0, 0, time.UTC)
	for in, want := range map[time.Time]string{
		at:                    "2015-06-12 02:00:00",
		{}:                    "1970-01-01 00:00:00",
		at.AddDate(900, 0, 0): "2105-01-01 00:00:00",
	} {
		if got := query.Second(query.Bound(in)); got != want {
			t.Errorf("%v: %s, want %s", in, got, want)
		}
	}
}
