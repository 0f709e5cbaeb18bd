package refusal

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// MakeToken is how to come by a token that streams.
const MakeToken = "log in to the instance, best with an account made for this alone; under Preferences, Development make a new application with the scope read:statuses and put its access token into the file that token_file names"

// known are the refusals with an advice of their own, by what stands in the
// server's words, lower case. The first that fits counts.
var known = []struct{ words, means, advice string }{
	{"missing access token", "the instance wants a token", MakeToken},
	{"requires an authenticated user", "the instance wants the token of a user", MakeToken},
	{"outside the authorized scopes", "the token lacks a scope", "make a new token with the scope read:statuses: " + MakeToken},
	{"required scopes", "the token lacks a scope", "make a new token with the scope read:statuses: " + MakeToken},
	{"revoked", "the token was withdrawn", "make a new one: " + MakeToken},
	{"expired", "the token has expired", "make a new one: " + MakeToken},
	{"invalid access token", "the token is not one of a user", "tokens of an application alone do not stream: " + MakeToken},
	{"token is invalid", "the token is not valid", "make a new one: " + MakeToken},
	{"confirmed e-mail", "the token's account has no confirmed e-mail address", "confirm the account's e-mail address on the instance"},
	{"login is currently disabled", "the token's account is disabled", "ask the instance's moderators, or use another account"},
	{"pending approval", "the token's account waits for the instance's approval", "wait until the instance's moderators have approved the account"},
}

// Explain makes of the fault that an answer amounts to one that says more, by
// the body in which the server says why. The server's own words are not
// repeated: they may be anything.
func Explain(f *collectors.Fault, status int, body []byte) *collectors.Fault {
	return Understand(f, status, reason(body))
}

// Understand is Explain for the server's words alone.
func Understand(f *collectors.Fault, status int, words string) *collectors.Fault {
	out := *f
	words = strings.ToLower(words)
	for _, k := range known {
		if strings.Contains(words, k.words) && status >= 400 && status < 500 && status != http.StatusTooManyRequests {
			out.Cause = post.Unauthorised
			out.Err = fmt.Errorf("%s (%w)", k.means, f.Err)
			out.Advice = k.advice
			return &out
		}
	}
	switch status {
	case http.StatusUnauthorized:
		out.Advice = MakeToken
	case http.StatusForbidden:
		out.Advice = "the instance forbids it: the account may be limited, or the instance may refuse this address; try the same token in a browser"
	}
	return &out
}

// Of is the fault that a status and the server's words amount to where no
// answer of HTTP says it.
func Of(status int, words string) *collectors.Fault {
	f := &collectors.Fault{Cause: post.Misconfigured, Err: errors.New("the server refuses the subscriptions")}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		f.Cause = post.Unauthorised
	case status == http.StatusTooManyRequests:
		f.Cause = post.RateLimited
	case status >= 500:
		f.Cause = post.Unavailable
	}
	if f.Cause == post.Misconfigured {
		f.Advice = "try another transport: sse or poll"
	}
	return Understand(f, status, words)
}

// reason is what an error's JSON says; foreign types are no reason.
func reason(body []byte) string {
	var in struct {
		Error       any `json:"error"`
		Description any `json:"error_description"`
	}
	if err := wire.Unmarshal(body, &in, wire.Options()); err != nil {
		return ""
	}
	text := ""
	for _, v := range []any{in.Error, in.Description} {
		if s, ok := v.(string); ok {
			text += s + " "
		}
	}
	return text
}
