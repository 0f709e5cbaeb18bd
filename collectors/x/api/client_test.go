package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/wire"
	"winnow/collectors/x/api"
	"winnow/collectors/x/v2"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/post"
)

// fake starts a fake of X and a client for it.
func fake(t *testing.T, o xtest.Options) (*xtest.Server, *api.Client) {
	t.Helper()
	s, err := xtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, clientFor(t, s.URL(), s.Token())
}

func clientFor(t *testing.T, url, token string) *api.Client {
	t.Helper()
	h, err := dial.New(dial.Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	return api.New(api.Options{Base: url, HTTP: dial.WithToken(h, url, token)})
}

// answering is a client of a server that always answers the same.
func answering(t *testing.T, status int, header http.Header, body string) *api.Client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(srv.Close)
	return api.New(api.Options{Base: srv.URL, HTTP: srv.Client()})
}

func cause(err error) post.Cause {
	if f, ok := errors.AsType[*collectors.Fault](err); ok {
		return f.Cause
	}
	return ""
}

func TestRules(t *testing.T) {
	_, c := fake(t, xtest.Options{Rules: 3, Refused: []string{"#forbidden"}})
	ctx := t.Context()
	want := []api.Rule{{Value: "#one OR #two", Tag: "winnow:a"}, {Value: "#three", Tag: "winnow:b"}}

	if _, problems, err := c.AddRules(ctx, want, true); err != nil || problems != nil {
		t.Fatalf("dry run: %v, %v", problems, err)
	}
	if have, err := c.Rules(ctx); err != nil || len(have) != 0 {
		t.Fatalf("a dry run left the rules %v, %v", have, err)
	}
	added, problems, err := c.AddRules(ctx, want, false)
	if err != nil || problems != nil || len(added) != 2 || added[0].ID == "" {
		t.Fatalf("AddRules = %v, %v, %v", added, problems, err)
	}
	have, err := c.Rules(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(added, have); diff != "" {
		t.Errorf("rules (-added +there):\n%s", diff)
	}

	added, problems, err = c.AddRules(ctx, []api.Rule{{Value: "#forbidden"}}, true)
	if err != nil || added != nil || len(problems) != 1 || problems[0].Type != "invalid-rules" || problems[0].Value != "#forbidden" {
		t.Errorf("a refused rule: %v, %v, %v", added, problems, err)
	}
	_, problems, err = c.AddRules(ctx, want[:1], false)
	if err != nil || len(problems) != 1 || problems[0].Type != "duplicate-rules" || problems[0].ID != have[0].ID {
		t.Errorf("a rule that is there already: %v, %v", problems, err)
	}
	_, _, err = c.AddRules(ctx, []api.Rule{{Value: "#four"}, {Value: "#five"}}, false)
	if !errors.Is(err, api.ErrRuleCap) || cause(err) != post.Misconfigured {
		t.Errorf("too many rules: %v", err)
	}

	if counts, err := c.RuleCounts(ctx); err != nil || counts != (api.RuleCounts{Used: 2, Cap: 3}) {
		t.Errorf("RuleCounts = %v, %v", counts, err)
	}
	for range 2 { // what is gone already is no error
		if err := c.DeleteRules(ctx, []string{have[0].ID}, false); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := c.Rules(ctx); err != nil || len(have) != 1 || have[0].Value != "#three" {
		t.Errorf("after deleting one: %v, %v", have, err)
	}
}

func TestRulesArePaged(t *testing.T) {
	s, c := fake(t, xtest.Options{Rules: 3000})
	for range 2345 {
		s.AddRule("#x", "foreign")
	}
	have, err := c.Rules(t.Context())
	if err != nil || len(have) != 2345 {
		t.Errorf("%d rules, %v; want 2345", len(have), err)
	}
}

func TestConnections(t *testing.T) {
	s, c := fake(t, xtest.Options{})
	ctx := t.Context()
	if _, err := c.Stream(ctx, api.StreamOptions{}); !errors.Is(err, api.ErrNoRules) || cause(err) != post.Misconfigured {
		t.Errorf("a stream without rules: %v", err)
	}
	s.AddRule("#Baku2015", "")
	body, err := c.Stream(ctx, api.StreamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close() //nolint:errcheck // the test is over
	if _, err := c.Stream(ctx, api.StreamOptions{}); !errors.Is(err, api.ErrTooManyConnections) || cause(err) != post.RateLimited {
		t.Errorf("a second stream: %v", err)
	}
	open, err := c.Connections(ctx)
	if err != nil || len(open) != 1 || open[0].Since.IsZero() || open[0].Endpoint != "filtered_stream" {
		t.Errorf("Connections = %v, %v", open, err)
	}
	s.Haunt(true)
	s.Cut()
	if _, err := c.Stream(ctx, api.StreamOptions{}); !errors.Is(err, api.ErrTooManyConnections) {
		t.Errorf("a stream beside a ghost: %v", err)
	}
	if n, err := c.CloseConnections(ctx); n != 1 || err != nil {
		t.Errorf("CloseConnections = %d, %v", n, err)
	}
	again, err := c.Stream(ctx, api.StreamOptions{})
	if err != nil {
		t.Fatalf("the ghost is still there: %v", err)
	}
	again.Close() //nolint:errcheck // the test is over
}

func TestStream(t *testing.T) {
	s, c := fake(t, xtest.Options{Enterprise: true})
	s.AddRule("#Baku2015", "winnow:games")
	before := s.Publish("before")
	body, err := c.Stream(t.Context(), api.StreamOptions{BackfillMinutes: 5})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close() //nolint:errcheck // the test is over
	lines := api.Lines(body, 0)
	next := func() post.Post {
		t.Helper()
		line, err := lines.Next()
		if err != nil {
			t.Fatal(err)
		}
		var m wire.Message
		v2.Decode(line, &m)
		if len(m.Posts) != 1 {
			t.Fatalf("%d posts in %s: %v", len(m.Posts), line, m.Rejects)
		}
		return m.Posts[0]
	}
	if p := next(); p.ID != before {
		t.Errorf("the backfill brought %s, want %s", p.ID, before)
	}
	id := s.Publish("Opening & closing")
	p := next()
	if p.ID != id || p.Text != "Opening & closing #Baku2015" || p.Account.Handle == "" || p.Account.CreatedAt.IsZero() ||
		p.Account.Followers == 0 || p.Engagement.Likes == 0 || len(p.Tags) != 1 || p.Lang != "en" {
		t.Errorf("a post came without what was asked for: %+v", p)
	}
	s.Repost(id)
	if p := next(); p.Kind != post.Repost || p.RepostOf.PostID != id || p.RepostOf.Handle == "" || p.Text != "Opening & closing #Baku2015" {
		t.Errorf("a retweet came as %+v", p)
	}
	s.Edit(id, "Second thoughts")
	if p := next(); p.ID != id || p.NativeID == id || p.EditedAt.IsZero() {
		t.Errorf("an edit came as %+v", p)
	}
	s.PublishOther("#elsewhere")
	s.End()
	line, err := lines.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Trouble(line); cause(err) != post.Unavailable || !strings.Contains(err.Error(), "UpstreamOperationalDisconnect") {
		t.Errorf("the goodbye %s is %v", line, err)
	}
}

func TestTrouble(t *testing.T) {
	const problems = `"https://api.twitter.com/2/problems/`
	for _, c := range []struct {
		line string
		want post.Cause
		is   error
	}{
		{`{"errors":[{"title":"operational-disconnect","disconnect_type":"OperationalDisconnect","type":` + problems + `operational-disconnect"}]}`, post.Unavailable, nil},
		{`{"title":"ConnectionException","connection_issue":"TooManyConnections","type":` + problems + `streaming-connection"}`, post.RateLimited, api.ErrTooManyConnections},
		{`{"errors":[{"title":"UsageCapExceeded","type":` + problems + `usage-capped"}]}`, post.Budget, api.ErrUsageCapped},
		{`{"data":{"id":"1"},"errors":[{"title":"Not Found Error","type":` + problems + `resource-not-found"}]}`, "", nil},
		{`{"errors":[{}]}`, "", nil},
		{`{}`, "", nil},
		{`[]`, "", nil},
		{`no`, "", nil},
	} {
		err := api.Trouble([]byte(c.line))
		if cause(err) != c.want || c.is != nil && !errors.Is(err, c.is) || c.want == "" && err != nil {
			t.Errorf("Trouble(%s) = %v, want %q", c.line, err, c.want)
		}
	}
}

func TestSearch(t *testing.T) {
	s, c := fake(t, xtest.Options{})
	var want []string
	for range 230 {
		id := s.Publish("so many")
		s.Repost(id)
		want = append([]string{id}, want...)
	}
	var got []string
	next := ""
	for page := 0; page == 0 || next != ""; page++ {
		raw, after, n, err := c.Search(t.Context(), "#Baku2015", time.Now().Add(-time.Hour), time.Time{}, "", next)
		if err != nil {
			t.Fatal(err)
		}
		var m wire.Message
		v2.Decode(raw.Raw, &m)
		if len(m.Posts) != n {
			t.Errorf("page %d has %d posts, said to be %d", page, len(m.Posts), n)
		}
		if q := raw.Asked; !strings.HasPrefix(q, "/2/tweets/search/recent?") || !strings.Contains(q, "&query=%23Baku2015&") ||
			!strings.Contains(q, "&start_time=") || strings.Contains(q, "token") {
			t.Errorf("asked for %q", q)
		}
		for i := range m.Posts {
			got = append(got, m.Posts[i].ID)
		}
		next = after
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a search without retweets (-want +got):\n%s", diff)
	}
	_, _, n, err := c.Search(t.Context(), "#Baku2015", time.Time{}, time.Time{}, want[9], "")
	if err != nil || n != 9 {
		t.Errorf("since an id: %d, %v; want 9", n, err)
	}
	if got := s.Billed(); got != 230 {
		t.Errorf("%d posts billed, want each once: 230", got)
	}
}

// X's documents disagree about the names of fields: whichever it takes is asked for.
func TestNewerNames(t *testing.T) {
	s, c := fake(t, xtest.Options{Newer: true})
	id := s.Publish("first " + strings.Repeat("long ", 80))
	s.Edit(id, "second "+strings.Repeat("long ", 80))
	repost := s.Repost(id)
	for range 2 {
		page, _, n, err := c.Search(t.Context(), "#Baku2015", time.Time{}, time.Time{}, "", "")
		if err != nil || n != 1 {
			t.Fatalf("%d posts, %v", n, err)
		}
		var m wire.Message
		v2.Decode(page.Raw, &m)
		if len(m.Posts) != 1 || m.Posts[0].ID != id || !strings.HasPrefix(m.Posts[0].Text, "second") || len(m.Posts[0].Text) < 400 ||
			m.Posts[0].Account.Followers == 0 {
			t.Errorf("a search brought %+v, %v", m.Posts, m.Rejects)
		}
	}
	if got := s.Asked("GET /2/tweets/search/recent"); got != 3 {
		t.Errorf("%d requests for two pages, want 3: one to learn the names", got)
	}
	got, err := c.Lookup(t.Context(), []string{repost})
	if err != nil {
		t.Fatal(err)
	}
	var m wire.Message
	v2.Decode(got.Page, &m)
	if len(m.Posts) != 1 || m.Posts[0].Kind != post.Repost || m.Posts[0].RepostOf.PostID != id || m.Posts[0].RepostOf.Handle == "" {
		t.Errorf("a look-up brought %+v, %v", m.Posts, m.Rejects)
	}
	if got := s.Asked("GET /2/tweets"); got != 1 {
		t.Errorf("%d requests for one look-up", got)
	}
}

func TestCounts(t *testing.T) {
	now := time.Date(2026, 6, 12, 18, 0, 0, 0, time.UTC)
	clock := now.Add(-6 * 24 * time.Hour)
	s, err := xtest.New(xtest.Options{Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c := clientFor(t, s.URL(), s.Token())
	for clock.Before(now) {
		s.Publish("again")
		clock = clock.Add(time.Hour)
	}
	clock = now
	counts, total, err := c.Counts(t.Context(), "#Baku2015", now.Add(-5*24*time.Hour), time.Time{}, api.Hour)
	if err != nil || total != 120 || len(counts) != 120 {
		t.Fatalf("%d posts in %d hours, %v; want 120 in 120", total, len(counts), err)
	}
	for i, n := range counts {
		if n.N != 1 || !n.End.Equal(n.Start.Add(time.Hour)) || i > 0 && !n.Start.Equal(counts[i-1].End) {
			t.Fatalf("hour %d is %+v", i, n)
		}
	}
	if s.Billed() != 0 {
		t.Errorf("counting was billed as %d posts", s.Billed())
	}
}

func TestLookup(t *testing.T) {
	s, c := fake(t, xtest.Options{})
	there, gone, hidden := s.Publish("there"), s.Publish("gone"), s.Publish("hidden")
	s.Delete(gone)
	s.Hide(hidden)
	got, err := c.Lookup(t.Context(), []string{there, gone, hidden})
	if err != nil {
		t.Fatal(err)
	}
	var m wire.Message
	v2.Decode(got.Page, &m)
	if len(m.Posts) != 1 || m.Posts[0].ID != there {
		t.Errorf("the page has %v", m.Posts)
	}
	got.Page = nil
	want := api.Looked{Found: []string{there}, Gone: []string{gone}, Unknown: []string{hidden}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Lookup (-want +got):\n%s", diff)
	}
}

func TestUsageAndLimits(t *testing.T) {
	s, c := fake(t, xtest.Options{Cap: 2})
	s.Publish("one")
	s.Publish("two")
	if _, _, _, err := c.Search(t.Context(), "#Baku2015", time.Time{}, time.Time{}, "", ""); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Usage(t.Context()); err != nil || got != (api.Usage{Used: 2, Cap: 2, ResetDay: 14}) {
		t.Errorf("Usage = %+v, %v", got, err)
	}
	_, _, _, err := c.Search(t.Context(), "#Baku2015", time.Time{}, time.Time{}, "", "")
	if !errors.Is(err, api.ErrUsageCapped) || cause(err) != post.Budget {
		t.Errorf("beyond the cap: %v", err)
	}
	limits := c.Limits()
	if len(limits) != 2 || limits[0].Endpoint != "GET /2/tweets/search/recent" || limits[0].Limit != 450 ||
		limits[0].Remaining != 448 || time.Until(limits[0].Reset) <= 0 || limits[1].Endpoint != "GET /2/usage/tweets" {
		t.Errorf("Limits = %+v", limits)
	}
}

func TestErrors(t *testing.T) {
	reset := time.Now().Add(7 * time.Minute).Truncate(time.Second).UTC()
	for _, c := range []struct {
		name   string
		status int
		header http.Header
		body   string
		want   post.Cause
		until  time.Time
	}{
		{"unauthorised", 401, nil, `{"title":"Unauthorized","type":"about:blank"}`, post.Unauthorised, time.Time{}},
		{"not enrolled", 403, nil, `{"title":"Client Forbidden","type":"https://api.x.com/2/problems/client-forbidden"}`, post.Unauthorised, time.Time{}},
		{"rate", 429, http.Header{"X-Rate-Limit-Reset": {itoa(reset)}}, `{"title":"Too Many Requests"}`, post.RateLimited, reset},
		{"no credits", 402, nil, `{"title":"CreditsDepleted"}`, post.Budget, time.Time{}},
		{"bad", 400, nil, `{"errors":[{"message":"bad"}],"title":"Invalid Request","type":"https://api.x.com/2/problems/invalid-request"}`, post.Misconfigured, time.Time{}},
		{"down", 503, nil, `<html>`, post.Unavailable, time.Time{}},
		{"not JSON", 200, nil, `<html>`, post.Protocol, time.Time{}},
		{"wrong type", 200, nil, `{"data":"x"}`, post.Protocol, time.Time{}},
		{"too large", 200, nil, `"` + strings.Repeat("x", api.MaxPage) + `"`, post.Protocol, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := answering(t, c.status, c.header, c.body)
			_, err := client.Usage(t.Context())
			fault, ok := errors.AsType[*collectors.Fault](err)
			if !ok || fault.Cause != c.want || !fault.Until.Equal(c.until) {
				t.Errorf("got %v, want %s until %v", err, c.want, c.until)
			}
		})
	}
}

// What a rule or a query says must not get into an error, which is logged.
func TestErrorsTellNoSecrets(t *testing.T) {
	client := answering(t, 400, nil, `{"title":"Invalid Request for #Secret2015","detail":"bad rule #Secret2015",
		"errors":[{"value":"#Secret2015","details":["#Secret2015"],"type":"https://api.x.com/2/problems/#Secret2015"}]}`)
	_, _, _, err := client.Search(t.Context(), "#Secret2015", time.Time{}, time.Time{}, "", "")
	_, _, err2 := client.AddRules(t.Context(), []api.Rule{{Value: "#Secret2015"}}, false)
	unreachable := api.New(api.Options{Base: "http://127.0.0.1:1"})
	_, _, _, err3 := unreachable.Search(t.Context(), "#Secret2015", time.Time{}, time.Time{}, "", "")
	for _, err := range []error{err, err2, err3} {
		if err == nil || strings.Contains(err.Error(), "Secret2015") {
			t.Errorf("the error is %v", err)
		}
	}
}

func TestContextEnds(t *testing.T) {
	held := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-held:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(held) })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := api.New(api.Options{Base: srv.URL, HTTP: srv.Client()}).Usage(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || cause(err) != "" {
		t.Errorf("after its context: %v", err)
	}
	slow := api.New(api.Options{Base: srv.URL, HTTP: srv.Client(), Timeout: 20 * time.Millisecond})
	if _, err := slow.Usage(t.Context()); cause(err) != post.Network {
		t.Errorf("after its own patience: %v", err)
	}
}
