package value

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

func TestCut(t *testing.T) {
	all := []int{1, 2, 3, 4, 5}
	for _, test := range []struct {
		offset, limit int
		want          []int
		next          int
	}{
		{0, 5, all, 0}, {0, 9, all, 0}, {0, 2, []int{1, 2}, 2}, {2, 2, []int{3, 4}, 4}, {4, 2, []int{5}, 0}, {5, 2, nil, 0}, {99, 1, nil, 0},
	} {
		got, page := Cut(all, test.offset, test.limit)
		next := 0
		if page.NextOffset != nil {
			next = *page.NextOffset
		}
		if !slices.Equal(got, test.want) || next != test.next || page.Total != 5 || page.Offset != test.offset || page.Limit != test.limit {
			t.Errorf("%+v: %v, %+v next %d", test, got, page, next)
		}
	}
}

// Times are told in UTC, whatever zone they came in.
func TestTimesAreUTC(t *testing.T) {
	there := time.Date(2031, 6, 12, 22, 30, 0, 5e8, time.FixedZone("", 4*3600))
	body, err := json.Marshal([]any{At(there), Ends(&there), At(time.Time{}), Ends(nil)})
	if err != nil || string(body) != `["2031-06-12T18:30:00.5Z","2031-06-12T18:30:00.5Z",null,null]` {
		t.Errorf("%s, %v", body, err)
	}
}
