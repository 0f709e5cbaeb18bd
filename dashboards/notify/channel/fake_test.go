package channel

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"winnow/dashboards/notify/message"
)

// got is a request as a server got it.
type got struct {
	method, url, body string
	header            http.Header
}

// fake is a server for every host: requests are led to it, whatever their address.
type fake struct {
	*httptest.Server
	mu       sync.Mutex
	requests []got
	// answer is what it says; nil for 200 and nothing.
	answer func(r got) (status int, header, body string)
}

func newFake(t *testing.T, answer func(r got) (status int, header, body string)) *fake {
	t.Helper()
	f := &fake{answer: answer}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// ServeHTTP takes a request down and answers.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	g := got{method: r.Method, url: r.Header.Get("X-Asked"), body: string(body), header: r.Header}
	f.mu.Lock()
	f.requests = append(f.requests, g)
	f.mu.Unlock()
	if f.answer == nil {
		return
	}
	status, header, text := f.answer(g)
	if header != "" {
		w.Header().Set("Retry-After", header)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// client leads every request to the fake.
func (f *fake) client(t *testing.T) *http.Client {
	t.Helper()
	to, err := url.Parse(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Transport: leading{to}}
}

type leading struct{ to *url.URL }

// RoundTrip implements http.RoundTripper.
func (l leading) RoundTrip(r *http.Request) (*http.Response, error) {
	to := r.Clone(r.Context())
	to.Header.Set("X-Asked", r.URL.String())
	to.URL.Scheme, to.URL.Host, to.Host = l.to.Scheme, l.to.Host, l.to.Host
	return http.DefaultTransport.RoundTrip(to)
}

// open opens an address whose requests go to the fake.
func (f *fake) open(t *testing.T, address string) *Channel {
	t.Helper()
	c, err := Open(Options{URL: address, http: f.client(t)})
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return c
}

// sample has everything that a channel could take for something else.
var sample = message.Message{
	ID:      "id",
	Subject: "Winnow: coordinated activity in “Açıq Oyunlar”",
	Paragraphs: []message.Paragraph{{
		Text:   "41 accounts act together.",
		Quotes: []string{"Accounts: @anna", "“<!channel> @all [x](https://evil.example/) ![](https://evil.example/p.png) *b* & more”"},
		Link:   "https://desk.example.org/campaign?name=A_B",
	}},
	Kinds: []string{"attack_begins"}, Campaigns: []string{"Açıq Oyunlar"},
}
