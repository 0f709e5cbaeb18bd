package rules

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/pipeline/post"
)

// Change is what makes the rules that X holds into those that are wanted.
type Change struct {
	Add, Remove []api.Rule
	// Keep are Winnow's rules that stay. One keeps the tag it has, even if
	// another is wanted: a rule's tag cannot be changed without a moment in
	// which nothing is watched, and nothing depends on it.
	Keep []api.Rule
	// Foreign are other programs' rules, never touched. One may have a wanted
	// value: then that is watched already, and not added.
	Foreign []api.Rule
}

// Plan compares the rules that X holds with those wanted.
func Plan(have, want []api.Rule) Change {
	var c Change
	wanted := make(map[string]bool, len(want))
	for _, r := range want {
		wanted[r.Value] = true
	}
	there := make(map[string]bool, len(have))
	for _, r := range have {
		switch {
		case !Own(r):
			c.Foreign = append(c.Foreign, r)
		case wanted[r.Value] && !there[r.Value]:
			c.Keep = append(c.Keep, r)
		default:
			c.Remove = append(c.Remove, r)
			continue
		}
		there[r.Value] = true
	}
	for _, r := range want {
		if !there[r.Value] {
			there[r.Value] = true
			c.Add = append(c.Add, r)
		}
	}
	return c
}

// API is what Reconcile needs of an *api.Client.
type API interface {
	Rules(ctx context.Context) ([]api.Rule, error)
	AddRules(ctx context.Context, rules []api.Rule, dryRun bool) ([]api.Rule, []api.Problem, error)
	DeleteRules(ctx context.Context, ids []string, dryRun bool) error
}

// Report is what Reconcile did, or with a dry run would have done.
type Report struct {
	Change
	// Refused are clauses that X does not take, each as a rule of its own,
	// with X's reason.
	Refused []Refusal
	// Unwatched is true if rules had to be deleted before others could be
	// added, since X had no room for both.
	Unwatched bool
}

// Refusal is a clause that X does not take.
type Refusal struct {
	Rule api.Rule
	Why  string
}

// batch is how many rules one request adds or deletes.
const batch = 100

// Reconcile makes the rules that X holds those wanted: it asks X first whether
// it would take the new ones, takes apart rules that it would not until the
// clause at fault stands alone, adds, and only then deletes what is not wanted
// any more. Other programs' rules stay and count. With dryRun nothing changes.
// The error is a *collectors.Fault or ctx's; what was done by then is reported.
func Reconcile(ctx context.Context, c API, want []api.Rule, o Options, dryRun bool) (Report, error) {
	have, err := c.Rules(ctx)
	if err != nil {
		return Report{}, err
	}
	r := Report{Change: Plan(have, want)}
	if err := r.judge(ctx, c, have, want, o); err != nil || dryRun {
		return r, err
	}
	return r, r.apply(ctx, c, o.most()-len(have))
}

// judge asks X about new rules until it would take all that are left.
func (r *Report) judge(ctx context.Context, c API, have, want []api.Rule, o Options) error {
	for range 16 { // a rule has fewer than 2^12 clauses, and each round halves it
		if n := len(r.Foreign) + len(r.Keep) + len(r.Add); n > o.most() {
			return &collectors.Fault{
				Cause: post.Misconfigured,
				Err: fmt.Errorf("%d rules would be needed, %d of them other programs', and X allows %d: %w",
					n, len(r.Foreign), o.most(), api.ErrRuleCap),
				Advice: "watch fewer hashtags and terms, or delete rules that other programs left in the same X app",
			}
		}
		refused, err := dryRun(ctx, c, r.Add)
		if err != nil {
			return err
		}
		if len(refused) == 0 {
			return nil
		}
		fewer := r.takeApart(want, refused)
		if slices.Equal(fewer, want) {
			break
		}
		want, r.Change = fewer, Plan(have, fewer)
	}
	return &collectors.Fault{Cause: post.Protocol, Err: errors.New("the rules are refused by X, however they are put")}
}

func dryRun(ctx context.Context, c API, add []api.Rule) (map[string]string, error) {
	refused := map[string]string{}
	for start := 0; start < len(add); start += batch {
		part := add[start:min(start+batch, len(add))]
		_, problems, err := c.AddRules(ctx, part, true)
		if errors.Is(err, api.ErrRuleCap) {
			continue // old ones have to go first: these are judged when they are added
		}
		if err != nil {
			return nil, err
		}
		for _, p := range problems {
			if p.Type == "rule-cap" || p.Type == "duplicate-rules" {
				continue // whether they fit, and are new, was counted here
			}
			refused[p.Value] = p.Detail
		}
	}
	return refused, nil
}

// takeApart halves the refused rules, and leaves out those of one clause.
func (r *Report) takeApart(want []api.Rule, refused map[string]string) []api.Rule {
	var out []api.Rule
	for _, rule := range want {
		why, ok := refused[rule.Value]
		if !ok {
			out = append(out, rule)
			continue
		}
		group, suffix := split(rule.Value)
		if len(group) == 1 {
			r.Refused = append(r.Refused, Refusal{Rule: rule, Why: why})
			continue
		}
		half := len(group) / 2
		for _, g := range [][]string{group[:half], group[half:]} {
			out = append(out, api.Rule{Value: join(g, suffix), Tag: rule.Tag})
		}
	}
	return out
}

// apply adds and deletes; room is how many rules still fit.
func (r *Report) apply(ctx context.Context, c API, room int) error {
	add, remove := r.Add, r.Remove
	for len(add) > 0 {
		if room <= 0 {
			n := min(len(remove), batch)
			if n == 0 {
				return &collectors.Fault{Cause: post.Misconfigured, Err: api.ErrRuleCap}
			}
			r.Unwatched = true
			if err := c.DeleteRules(ctx, ids(remove[:n]), false); err != nil {
				return err
			}
			remove, room = remove[n:], room+n
		}
		part := add[:min(len(add), batch, room)]
		_, problems, err := c.AddRules(ctx, part, false)
		if err != nil {
			return err
		}
		for _, p := range problems {
			if p.Type != "duplicate-rules" {
				r.Refused = append(r.Refused, Refusal{Rule: api.Rule{Value: p.Value}, Why: p.Detail})
				return &collectors.Fault{
					Cause: post.Misconfigured, Err: errors.New("a rule that could not be judged beforehand is refused by X"),
					Advice: `"winnow check" names the rule; take what X cannot look for out of the campaign`,
				}
			}
		}
		add, room = add[len(part):], room-len(part)
	}
	for len(remove) > 0 {
		n := min(len(remove), batch)
		if err := c.DeleteRules(ctx, ids(remove[:n]), false); err != nil {
			return err
		}
		remove = remove[n:]
	}
	return nil
}

func ids(all []api.Rule) []string {
	out := make([]string, len(all))
	for i, r := range all {
		out[i] = r.ID
	}
	return out
}
