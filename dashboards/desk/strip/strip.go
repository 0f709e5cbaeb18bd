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

// Strip is when the posts of a finding came.
type Strip struct {
	// First and Last are the seconds of the first and the last evidence.
	First, Last time.Time
	// Window is the longest time between two posts that count together in the strongest
	// piece of evidence; zero if there is none.
	Window time.Duration
	// ByAccount is true where each lane is an account's, false where it is a kind's.
	ByAccount bool
	Posts     uint64
	// Peak is the most posts in one stretch of Grain, which begins at PeakAt.
	Peak   uint64
	PeakAt time.Time
	Grain  time.Duration
	Whole  Sizes
	// Close is the fullest two minutes by the second; nil where Whole shows seconds.
	Close *Sizes
}

// Sizes is the same picture for three widths of a page, of which the style sheet shows
// one: scaled down, its labels could not be read.
type Sizes struct{ Wide, Mid, Phone Picture }

// Read reads when the posts of a finding came and draws it in the zone of its reader. It
// is nil where no post is kept.
func Read(ctx context.Context, t *words.Teller, store Store, f view.FindingDetail) (*Strip, error) {
	zone := t.Zone()
	s := &Strip{First: f.StartedAt.Truncate(time.Second).In(zone), Last: f.EndedAt.Truncate(time.Second).In(zone)}
	end := s.Last.Add(time.Second)
	switch span := end.Sub(s.First); {
	case span <= fine:
		s.Grain = time.Second
	case span <= coarse:
		s.Grain = time.Minute
	default:
		s.Grain = time.Hour
	}
	rows, err := store.Seconds(ctx, f.Campaign, f.ID, s.First, end, s.Grain, few)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	for _, e := range f.EvidenceRows {
		if s.Window == 0 {
			s.Window = e.Window
		}
	}
	s.ByAccount = rows[0].AccountID != ""
	s.count(rows)
	d := drawing{lanes: lanesOf(rows, f.AccountRows), class: classOf(f.FindingSummary), window: s.Window, month: t.Month}
	d.from, d.to, d.rows, d.grain = s.First, end, rows, s.Grain
	s.Whole = d.sizes("strip")
	if s.Whole.Wide.Column == time.Second {
		return s, nil
	}
	if d.rows, err = fullest(ctx, store, f, rows, s.Grain); err != nil || len(d.rows) == 0 {
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
func (s *Strip) count(rows []view.FindingSecond) {
	at := map[time.Time]uint64{}
	for _, r := range rows {
		s.Posts += r.Posts
		if at[r.At] += r.Posts; at[r.At] > s.Peak || at[r.At] == s.Peak && r.At.Before(s.PeakAt) {
			s.Peak, s.PeakAt = at[r.At], r.At
		}
	}
}

// fullest returns the posts of the two minutes that hold the most of them, by the second.
func fullest(ctx context.Context, store Store, f view.FindingDetail, rows []view.FindingSecond, grain time.Duration) ([]view.FindingSecond, error) {
	if grain > time.Second {
		var s Strip
		s.count(rows)
		var err error
		rows, err = store.Seconds(ctx, f.Campaign, f.ID, s.PeakAt.Add(-closely), s.PeakAt.Add(grain+closely), time.Second, few)
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
