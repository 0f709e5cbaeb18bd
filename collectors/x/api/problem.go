package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// The errors inside a Fault that call for something of their own.
var (
	// ErrTooManyConnections says that X counts as many streams as are allowed;
	// one may be a ghost, whose line broke. CloseConnections ends it.
	ErrTooManyConnections = errors.New("more connections are open than X allows")
	// ErrUsageCapped says that the posts of this month, or the credits, are used up.
	ErrUsageCapped = errors.New("the posts or credits of X's plan are used up")
	// ErrNoRules says that the stream was asked for without a rule.
	ErrNoRules = errors.New("the stream has no rule")
	// ErrRuleCap says that there are as many rules as the plan allows.
	ErrRuleCap = errors.New("no more rules fit into X's plan")
)

// Problem is what X says is wrong with a request or with a part of it.
type Problem struct {
	// Type is the last part of X's name for it: "resource-not-found",
	// "invalid-rules", "operational-disconnect". Title is X's wording of it.
	Type, Title string
	// Detail is for people. It may repeat a rule: it is not for logs.
	Detail string
	// Value is the rule or id that it is about, ID the rule that is there already.
	Value, ID string
	// Issue and Disconnect name what is wrong with a connection.
	Issue, Disconnect string
}

// problem is a Problem as it is sent.
type problem struct {
	Type           string   `json:"type"`
	Title          string   `json:"title"`
	Detail         string   `json:"detail"`
	Details        []string `json:"details"`
	Value          string   `json:"value"`
	ID             string   `json:"id"`
	ResourceID     string   `json:"resource_id"`
	Issue          string   `json:"connection_issue"`
	DisconnectType string   `json:"disconnect_type"`
	// Parameters names what is wrong in a request.
	Parameters map[string]jsontext.Value `json:"parameters"`
}

func (p *problem) public() Problem {
	out := Problem{
		Type: kind(p.Type), Title: p.Title, Detail: p.Detail, Value: p.Value,
		ID: p.ID, Issue: p.Issue, Disconnect: p.DisconnectType,
	}
	if out.Detail == "" && len(p.Details) > 0 {
		out.Detail = p.Details[0]
	}
	if out.Value == "" {
		out.Value = p.ResourceID
	}
	return out
}

// kind returns what stands after "/problems/" in a problem's type.
func kind(t string) string {
	if _, after, ok := strings.Cut(t, "/problems/"); ok {
		return after
	}
	return ""
}

// refused is an error as X answers it: one problem, a list, or both.
type refused struct {
	problem
	Errors []problem `json:"errors"`
}

var options = wire.Options()

func decode(raw []byte, v any) error {
	return wire.Unmarshal(raw, v, options)
}

// Trouble returns what a message of the stream says is wrong with the
// connection, nil if it says nothing of that kind: errors beside a post are
// about what the post refers to. What is returned is a *collectors.Fault. It
// is for messages that v2.Decode ignored as errors, not for every message.
func Trouble(line []byte) error {
	var r struct {
		refused
		Data jsontext.Value `json:"data"`
	}
	if decode(line, &r) != nil || len(r.Data) > 0 {
		r.refused = refused{} // nothing about the connection
	}
	for _, p := range append(r.Errors, r.problem) {
		pub := p.public()
		if pub.Type == "" && pub.Issue == "" && pub.Disconnect == "" {
			continue
		}
		fault := &collectors.Fault{Cause: post.Unavailable}
		pub.refine(fault)
		if fault.Err == nil {
			fault.Err = fmt.Errorf("the stream was ended by X: %s", pub.name())
		}
		return fault
	}
	return nil
}

// refusal turns an answer that is an error into a Fault.
func (c *Client) refusal(path string, resp *http.Response) error {
	fault := collectors.FromResponse(resp, c.now())
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	var r refused
	if err != nil || decode(raw, &r) != nil {
		return fault
	}
	p := r.problem.public()
	if p.Type == "" && p.Issue == "" && len(r.Errors) > 0 {
		p = r.Errors[0].public()
	}
	if resp.StatusCode == http.StatusConflict {
		p.Type = "no-rules"
	}
	if resp.StatusCode == http.StatusPaymentRequired {
		p.Type = "usage-capped"
	}
	fault.Err = nil
	p.refine(fault)
	if fault.Err == nil {
		fault.Err = &answer{
			text:     fmt.Sprintf("%d from X to %s: %s", resp.StatusCode, path, p.name()),
			problems: public(r.Errors),
			fields:   slices.ContainsFunc(append(r.Errors, r.problem), problem.aboutFields),
		}
	}
	return fault
}

// answer is an error that X answered, with what it says of single things.
type answer struct {
	text     string
	problems []Problem
	// fields says that it is about the fields asked for.
	fields bool
}

// Error implements error.
func (a *answer) Error() string { return a.text }

func (p problem) aboutFields() bool {
	for name := range p.Parameters {
		if name == "expansions" || strings.HasSuffix(name, ".fields") {
			return true
		}
	}
	return false
}

// refusesFields reports whether X refused a request over the fields asked for.
func refusesFields(err error) bool {
	a, ok := errors.AsType[*answer](err)
	return ok && a.fields
}

// ruleProblems returns what X says of single rules in an error that refuses
// them all, nil if the error is about something else.
func ruleProblems(err error) []Problem {
	a, ok := errors.AsType[*answer](err)
	if !ok {
		return nil
	}
	for _, p := range a.problems {
		if p.Type != "invalid-rules" && p.Type != "duplicate-rules" {
			return nil
		}
	}
	return a.problems
}

// refine adds to a fault what the problem means.
func (p *Problem) refine(f *collectors.Fault) {
	switch {
	case p.Issue == "TooManyConnections" || strings.EqualFold(p.Title, "ConnectionException"):
		f.Cause, f.Err = post.RateLimited, ErrTooManyConnections
		f.Advice = "stop other programs that use the same X app, or let Winnow close their connections"
	case p.Type == "usage-capped" || p.Title == "UsageCapExceeded" || p.Title == "CreditsDepleted":
		f.Cause, f.Err = post.Budget, ErrUsageCapped
		f.Advice = "buy credits or raise the cap in X's developer console"
	case p.Type == "no-rules":
		f.Cause, f.Err = post.Misconfigured, ErrNoRules
		f.Advice = "give the campaign hashtags, terms or protected accounts"
	case p.Type == "rule-cap":
		f.Cause, f.Err = post.Misconfigured, ErrRuleCap
		f.Advice = "watch fewer hashtags, or delete rules that other programs left in the same X app"
	case p.Type == "client-forbidden":
		f.Cause = post.Unauthorised
		f.Advice = "the app must belong to a project with access to API v2: see X's developer console"
	case p.Type == "rate-limit-exceeded":
		f.Cause = post.RateLimited
	}
}

// name is what the problem may be called in logs: X's short names, never the
// detail, which repeats rules.
func (p *Problem) name() string {
	for _, s := range []string{p.Disconnect, p.Type, p.Title} {
		if s = tidy(s); s != "" {
			return s
		}
	}
	return "without a reason"
}

// tidy keeps short names as they are and drops everything else.
func tidy(s string) string {
	if len(s) > 60 {
		return ""
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != ' ' && r != '_' {
			return ""
		}
	}
	return s
}
