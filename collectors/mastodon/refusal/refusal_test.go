package refusal_test

import (
	"errors"
	"strings"
	"testing"

	"winnow/collectors"
	"winnow/collectors/mastodon/refusal"
	"winnow/pipeline/post"
)

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		status       int
		body         string
		cause        post.Cause
		says, advice string
	}{
		{401, `{"error":"Missing access token"}`, post.Unauthorised, "wants a token", "Development"},
		{401, `{"error":"Invalid access token"}`, post.Unauthorised, "not one of a user", "application alone"},
		{401, `{"error":"Access token does not have the required scopes"}`, post.Unauthorised, "lacks a scope", "read:statuses"},
		{403, `{"error":"This action is outside the authorized scopes"}`, post.Unauthorised, "lacks a scope", "read:statuses"},
		{401, `{"error":"The access token was revoked"}`, post.Unauthorised, "withdrawn", "make a new one"},
		{422, `{"error":"This method requires an authenticated user"}`, post.Unauthorised, "token of a user", "Development"},
		{401, `{"error":7,"error_description":["x"]}`, post.Unauthorised, "answered", "Development"},
		{401, `no JSON`, post.Unauthorised, "answered", "Development"},
		{403, `{}`, post.Unauthorised, "answered", "forbids"},
		{503, `{"error":"Missing access token"}`, post.Unauthorised, "answered", ""},
	} {
		f := &collectors.Fault{Cause: post.Unauthorised, Err: errors.New("the platform answered so")}
		got := refusal.Explain(f, c.status, []byte(c.body))
		if got.Cause != c.cause || !strings.Contains(got.Err.Error(), c.says) || !strings.Contains(got.Advice, c.advice) {
			t.Errorf("%d %s: %s; %v; %q", c.status, c.body, got.Cause, got.Err, got.Advice)
		}
		if !errors.Is(got, f.Err) {
			t.Errorf("%d %s: the error itself is lost", c.status, c.body)
		}
	}
}

func TestOf(t *testing.T) {
	for status, cause := range map[int]post.Cause{401: post.Unauthorised, 403: post.Unauthorised, 429: post.RateLimited, 500: post.Unavailable, 400: post.Misconfigured, 0: post.Misconfigured} {
		if got := refusal.Of(status, "secret words"); got.Cause != cause || strings.Contains(got.Error(), "secret") {
			t.Errorf("%d: %v", status, got)
		}
	}
	if got := refusal.Of(401, "Access token does not have the required scopes"); !strings.Contains(got.Advice, "read:statuses") {
		t.Errorf("advice %q", got.Advice)
	}
}
