package rules_test

import "net/http"

// bearer is a client that sends a token.
func bearer(token string) *http.Client { return &http.Client{Transport: withToken(token)} }

type withToken string

func (w withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(w))
	return http.DefaultTransport.RoundTrip(r)
}
