package strip

import (
	"cmp"
	"context"
	"embed"
	"slices"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Files holds strip.html, which defines the template "strip" for a [Strip]. It uses the
// words and parts of a finding's page.
//
//go:embed strip.html
var Files embed.FS

// few is how many accounts have a lane each.
const few = 8

const (
	// fine is the longest finding whose posts are counted by the second, coarse the longest
	// by the minute: a picture has no room for more, and the answer stays small.
	fine   = 2 * time.Hour
	coarse = 5 * 24 * time.Hour
	// closely is how long the stretch is that is shown by the second where the whole
	// is not.
	closely = 2 * time.Minute
	// shortest is the least time that a picture covers.
	shortest = 10 * time.Second
)

// Store is what the strip is read from.
type Store interface {
	// Seconds counts all posts of a finding in stretches of step, by account if it has no
	// more than so many, else by kind of object.
	Seconds(ctx context.Context, campaign, id string, from, to time.Time, step time.Duration, accounts int) ([]view.FindingSecond, error)
}

// Times is when the posts of a finding came, in numbers.
type Times struct {
	// First and Last are the seconds of the first and the last evidence.
	First, Last time.Time
	// Window is the longest time between two posts that count together in the strongest
	// piece of evidence; zero if there is none.
	Window time.Duration
	// ByAccount is true where posts are told by account, false where by kind of object.
	ByAccount bool
	Posts     uint64
	// Peak is the most posts in one stretch of Grain, which begins at PeakAt.
	Peak   uint64
	PeakAt time.Time
	Grain  time.Duration
	// Rows are the stretches with posts, in order; none where no post is kept.
	Rows []view.FindingSecond
}

// Strip is when the posts of a finding came, drawn.
type Strip struct {
	Times
	Whole Sizes
	// Close is the fullest two minutes by the second; nil where Whole shows seconds.
	Close *Sizes
}

// Sizes is the same picture for three widths of a page, of which the style sheet shows
// one: scaled down, its labels could not be read.
type Sizes struct{ Wide, Mid, Phone Picture }

// Count reads when the posts of a finding came, as closely as its length allows.
func Count(ctx context.Context, store Store, f view.FindingDetail) (Times, error) {
	s := Times{First: f.StartedAt.Truncate(time.Second), Last: f.EndedAt.Truncate(time.Second)}
	switch span := s.end().Sub(s.First); {
	case span <= fine:
		s.Grain = time.Second
	case span <= coarse:
		s.Grain = time.Minute
	default:
		s.Grain = time.Hour
	}
	for _, e := range f.EvidenceRows {
		if s.Window == 0 {
			s.Window = e.Window
		}
	}
	rows, err := store.Seconds(ctx, f.Campaign, f.ID, s.First, s.end(), s.Grain, few)
	if err != nil || len(rows) == 0 {
		return s, err
	}
	s.Rows, s.ByAccount = rows, rows[0].AccountID != ""
	s.count(rows)
	return s, nil
}

// end is where the last second is over.
func (s *Times) end() time.Time { return s.Last.Add(time.Second) }

// Read reads when the posts of a finding came and draws it in the zone of its reader. It
// is nil where no post is kept.
func Read(ctx context.Context, t *words.Teller, store Store, f view.FindingDetail) (*Strip, error) {
	zone := t.Zone()
	times, err := Count(ctx, store, f)
	if err != nil || len(times.Rows) == 0 {
		return nil, err
	}
	s := &Strip{Times: times}
	s.First, s.Last = s.First.In(zone), s.Last.In(zone)
	d := drawing{lanes: lanesOf(s.Rows, f.AccountRows), class: classOf(f.FindingSummary), window: s.Window, month: t.Month}
	d.from, d.to, d.rows, d.grain = s.First, s.end(), s.Rows, s.Grain
	s.Whole = d.sizes("strip")
	if s.Whole.Wide.Column == time.Second {
		return s, nil
	}
	if d.rows, err = Closest(ctx, store, f, times); err != nil || len(d.rows) == 0 {
		return nil, err
	}
	d.grain = time.Second
	d.from = d.rows[0].At.In(zone)
	d.to = d.from.Add(closely)
	near := d.sizes("strip-close")
	s.Close = &near
	return s, nil
}

// count adds up the posts and finds the stretch with the most.
func (s *Times) count(rows []view.FindingSecond) {
	at := map[time.Time]uint64{}
	for _, r := range rows {
		s.Posts += r.Posts
		if at[r.At] += r.Posts; at[r.At] > s.Peak || at[r.At] == s.Peak && r.At.Before(s.PeakAt) {
			s.Peak, s.PeakAt = at[r.At], r.At
		}
	}
}

// Closest returns the posts of the two minutes that hold the most of them, by the second.
func Closest(ctx context.Context, store Store, f view.FindingDetail, t Times) ([]view.FindingSecond, error) {
	rows := t.Rows
	if len(rows) == 0 {
		return nil, nil
	}
	if t.Grain > time.Second {
		var err error
		rows, err = store.Seconds(ctx, f.Campaign, f.ID, t.PeakAt.Add(-closely), t.PeakAt.Add(t.Grain+closely), time.Second, few)
		if err != nil {
			return nil, err
		}
	}
	var sum, most uint64
	from, to, first := 0, 0, 0
	for i := range rows {
		sum += rows[i].Posts
		for ; !rows[first].At.Add(closely).After(rows[i].At); first++ {
			sum -= rows[first].Posts
		}
		if sum > most {
			most, from, to = sum, first, i+1
		}
	}
	return rows[from:to], nil
}

// lane is an account's or a kind's row of marks.
type lane struct {
	platform, account, kind string
	name                    string
	posts                   uint64
}

func (l *lane) holds(r view.FindingSecond) bool {
	return l.platform == r.Platform && l.account == r.AccountID && l.kind == r.Kind
}

// lanesOf puts kinds in the order of their posts, the most first, and accounts in that of
// their first post.
func lanesOf(rows []view.FindingSecond, accounts []view.FindingAccount) []lane {
	var lanes []lane
	for _, r := range rows {
		i := slices.IndexFunc(lanes, func(l lane) bool { return l.holds(r) })
		if i < 0 {
			i = len(lanes)
			lanes = append(lanes, lane{platform: r.Platform, account: r.AccountID, kind: r.Kind, name: r.AccountID})
		}
		lanes[i].posts += r.Posts
	}
	for i := range lanes {
		for _, a := range accounts {
			if a.Handle != "" && a.Platform == lanes[i].platform && a.AccountID == lanes[i].account {
				lanes[i].name = "@" + a.Handle
			}
		}
	}
	slices.SortStableFunc(lanes, func(a, b lane) int {
		if a.account != "" {
			return 0
		}
		return cmp.Or(cmp.Compare(b.posts, a.posts), cmp.Compare(a.kind, b.kind))
	})
	return lanes
}

// classOf names the colour of a finding's posts.
func classOf(f view.FindingSummary) string {
	switch answer.StandingOf(f) {
	case answer.Declared:
		return "declared"
	case answer.Rejected:
		return "organic"
	case answer.Undeclared, answer.Early:
	}
	return "coordinated"
}
