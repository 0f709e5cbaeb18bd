package scale

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"time"

	"winnow/collectors/scenario/volume"
	"winnow/dashboards/desk"
)

// pageTiming is how long a page of the desk takes, from the request to its last byte.
type pageTiming struct {
	Name     string
	Status   int
	Bytes    int
	P50, P95 float64 // milliseconds
	Runs     int
}

// pages times the pages of the desk that read the store, in the largest campaign.
func (r *run) pages() {
	end := r.stream().End()
	handler, err := desk.New(desk.Options{Store: r.store.View(), Now: func() time.Time { return end }})
	r.must(err)
	r.res.Pages = nil
	for _, page := range []struct{ name, path string }{
		{"campaigns", "/"},
		{"campaign, everything", "/campaign?"},
		{"campaign, 30 days", "/campaign?range=30d&"},
		{"campaign, 24 hours", "/campaign?range=24h&"},
		{"finding", "/campaign/finding?id=finding-003&"},
		{"change", "/campaign/change?id=change-010&"},
		{"people", "/campaign/people?"},
		{"replay", "/campaign/replay?"},
		{"report", "/campaign/report?"},
		{"coverage", "/coverage"},
	} {
		if page.path[len(page.path)-1] == '?' || page.path[len(page.path)-1] == '&' {
			page.path += url.Values{"name": {volume.Busy}}.Encode()
		}
		r.res.Pages = append(r.res.Pages, r.timePage(handler, page.name, page.path))
	}
}

func (r *run) timePage(handler http.Handler, name, path string) pageTiming {
	t := pageTiming{Name: name}
	begin := time.Now()
	var took []time.Duration
	for n := 0; len(took) < r.o.runs && (len(took) < min(3, r.o.runs) || time.Since(begin) < patience); n++ {
		w := httptest.NewRecorder()
		ask := httptest.NewRequestWithContext(r.Context(), http.MethodGet, path, nil)
		ask.Host = "localhost"
		start := time.Now()
		handler.ServeHTTP(w, ask)
		if n > 0 { // the first one warms up
			took = append(took, time.Since(start))
		}
		t.Status, t.Bytes = w.Code, w.Body.Len()
	}
	slices.Sort(took)
	t.Runs = len(took)
	at := func(share float64) float64 {
		return took[min(int(share*float64(len(took))), len(took)-1)].Seconds() * 1000
	}
	t.P50, t.P95 = at(0.5), at(0.95)
	return t
}
