package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

const rulesPath = "/2/tweets/search/stream/rules"

// Rule is a rule of the filtered stream. X refuses a second one with the same
// Value, whatever its Tag, and a rule never changes: it is added and deleted.
type Rule struct {
	ID    string `json:"id,omitempty"`
	Value string `json:"value"`
	Tag   string `json:"tag,omitempty"`
}

// Rules returns all rules of the app, whoever made them.
func (c *Client) Rules(ctx context.Context) ([]Rule, error) {
	var all []Rule
	q := url.Values{"max_results": {"1000"}}
	for range 100 { // an Enterprise plan has tens of thousands; a loop has no end
		var page struct {
			Data []Rule `json:"data"`
			Meta struct {
				Next string `json:"next_token"`
			} `json:"meta"`
		}
		if _, err := c.call(ctx, http.MethodGet, rulesPath, q, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Data...)
		if page.Meta.Next == "" || page.Meta.Next == q.Get("pagination_token") {
			return all, nil
		}
		q.Set("pagination_token", page.Meta.Next)
	}
	return nil, protocol(rulesPath, "never comes to an end")
}

// AddRules adds rules, at most 1,000 at a time. What X took is returned with
// ids, what it did not take as problems, whose Value is the rule's. With
// dryRun nothing is added, only judged. Where X refuses the whole request over
// single rules, the error is nil and the problems say which.
func (c *Client) AddRules(ctx context.Context, rules []Rule, dryRun bool) (added []Rule, problems []Problem, err error) {
	if len(rules) == 0 {
		return nil, nil, nil
	}
	body := struct {
		Add []Rule `json:"add"`
	}{make([]Rule, len(rules))}
	for i, r := range rules {
		body.Add[i] = Rule{Value: r.Value, Tag: r.Tag}
	}
	return c.changeRules(ctx, body, dryRun)
}

// DeleteRules deletes rules by their ids, at most 1,000 at a time. One that is
// gone already is no error.
func (c *Client) DeleteRules(ctx context.Context, ids []string, dryRun bool) error {
	if len(ids) == 0 {
		return nil
	}
	var body struct {
		Delete struct {
			IDs []string `json:"ids"`
		} `json:"delete"`
	}
	body.Delete.IDs = ids
	_, _, err := c.changeRules(ctx, body, dryRun)
	return err
}

func (c *Client) changeRules(ctx context.Context, body any, dryRun bool) ([]Rule, []Problem, error) {
	var q url.Values
	if dryRun {
		q = url.Values{"dry_run": {"true"}}
	}
	var done struct {
		Data   []Rule    `json:"data"`
		Errors []problem `json:"errors"`
	}
	if _, err := c.call(ctx, http.MethodPost, rulesPath, q, body, &done); err != nil {
		if problems := ruleProblems(err); problems != nil {
			return nil, problems, nil
		}
		return nil, nil, err
	}
	return done.Data, public(done.Errors), nil
}

func public(all []problem) []Problem {
	var out []Problem
	for i := range all {
		out = append(out, all[i].public())
	}
	return out
}

// RuleCounts says how many rules there are and how many there may be.
type RuleCounts struct {
	// Used counts the rules of this app, Cap how many it may have; Cap is 0 if
	// X does not say.
	Used, Cap int
}

// RuleCounts asks how many rules there are.
func (c *Client) RuleCounts(ctx context.Context) (RuleCounts, error) {
	var page struct {
		Data struct {
			App struct {
				Count number `json:"rule_count"`
			} `json:"client_app_rules_count"`
			CapApp     number `json:"cap_per_client_app"`
			Project    number `json:"project_rules_count"`
			CapProject number `json:"cap_per_project"`
		} `json:"data"`
	}
	q := url.Values{"rules_count.fields": {"client_app_rules_count,cap_per_client_app,project_rules_count,cap_per_project"}}
	if _, err := c.call(ctx, http.MethodGet, rulesPath+"/counts", q, nil, &page); err != nil {
		return RuleCounts{}, err
	}
	d := page.Data
	counts := RuleCounts{Used: int(d.App.Count), Cap: int(d.CapApp)}
	if counts.Used == 0 {
		counts.Used = int(d.Project)
	}
	if counts.Cap == 0 || d.CapProject != 0 && int(d.CapProject) < counts.Cap {
		counts.Cap = int(d.CapProject)
	}
	return counts, nil
}

// number is a figure that X writes as a number or as text; anything else is 0.
type number uint64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(raw []byte) error {
	s := string(raw)
	if unquoted, err := strconv.Unquote(s); err == nil {
		s = unquoted
	}
	v, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		v = 0
	}
	*n = number(v)
	return nil
}
