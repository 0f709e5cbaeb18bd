package people

import (
	"context"
	"strconv"
	"time"

	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// span is how long the chart of an account is: of a longer time the store would have to
// look at too many posts.
const span = 48 * time.Hour

// Sizes of the chart for three widths of a page, in CSS pixels.
const (
	wideWidth, midWidth, phoneWidth = 1096, 680, 344
	height                          = 190
)

// Over is when posts addressed an account, hour by hour.
type Over struct {
	From, To         time.Time
	Wide, Mid, Phone chart.Chart
	// Hours are those with such posts.
	Hours []view.AddressedHour
	Posts uint64
}

// Organic is what of an hour's posts came from accounts outside of findings.
func (*Over) Organic(h view.AddressedHour) uint64 {
	return h.Posts - min(h.Posts, h.Coordinated+h.Declared)
}

// stretch is the time to show: a day before and after the newest pile-on began, or the
// last two days of the campaign.
func (p *Person) stretch(last, now time.Time) (from, to time.Time) {
	to = last
	if len(p.PileOns) > 0 {
		to = p.PileOns[0].StartedAt.Add(span / 2)
	}
	if to.After(now) {
		to = now // nothing can have come since
	}
	// Hours of the store are those of UTC, whatever the reader's.
	to = to.UTC().Truncate(time.Hour).Add(time.Hour).In(now.Location())
	return to.Add(-span), to
}

// readOver reads and draws when posts addressed an account, which is number i on the page.
func readOver(ctx context.Context, t *words.Teller, store Store, campaign string, p Person, i int, last time.Time) (*Over, error) {
	o := &Over{}
	o.From, o.To = p.stretch(last, t.Now())
	var err error
	if o.Hours, err = store.Addressed(ctx, campaign, p.Platform, p.names, o.From, o.To); err != nil {
		return nil, err
	}
	n := int(span / time.Hour)
	layers := []chart.Layer{{Class: "coordinated"}, {Class: "declared"}, {Class: "organic"}}
	for k := range layers {
		layers[k].Values = make([]float64, n)
	}
	var peak view.AddressedHour
	for _, h := range o.Hours {
		column := int(h.At.Sub(o.From) / time.Hour)
		if column < 0 || column >= n {
			continue
		}
		for k, posts := range []uint64{h.Coordinated, h.Declared, o.Organic(h)} {
			layers[k].Values[column] = float64(posts)
		}
		o.Posts += h.Posts
		if h.Posts > peak.Posts {
			peak = h
		}
	}
	spec := chart.Spec{Month: t.Month, From: o.From, Step: time.Hour, Layers: layers, Height: height}
	for _, f := range p.PileOns {
		class := "coordinated"
		if f.Declared != "" {
			class = "declared"
		}
		if !f.Early() {
			spec.Marks = append(spec.Marks, chart.Mark{From: f.StartedAt, To: f.EndedAt, Class: class})
		}
	}
	spec.Title, spec.Desc = told(t, o, peak)
	for _, size := range []struct {
		to    *chart.Chart
		name  string
		width float64
	}{{&o.Wide, "wide", wideWidth}, {&o.Mid, "mid", midWidth}, {&o.Phone, "phone", phoneWidth}} {
		spec.ID, spec.Width = "addressed-"+strconv.Itoa(i)+"-"+size.name, size.width
		*size.to = chart.New(spec)
	}
	return o, nil
}

// told is what the chart says to who cannot see it.
func told(t *words.Teller, o *Over, peak view.AddressedHour) (title, desc string) {
	title = t.Text("Posts that address this account, per hour")
	if o.Posts == 0 {
		return title, t.Text("There are none in this time.")
	}
	return title, t.Count(peak.Posts, "The most in one hour: %s post, at %s. The table below has all hours.", "The most in one hour: %s posts, at %s. The table below has all hours.", t.Clock(peak.At))
}
