package edit

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"

	"winnow/cmd/config"
)

// ErrLayout means that a file is laid out in a way in which a campaign cannot be changed
// with everything else kept.
var ErrLayout = errors.New("the file is laid out in a way that cannot be changed safely; change it by hand")

// Put returns the text of the configuration file at path with a campaign changed, or
// added if there is none of its name, and everything else as it was. The error is
// strict.Problems if the text is no configuration before or after, else ErrLayout.
//
// Entries of lists that stay keep their place; new ones come behind them.
func Put(path string, data []byte, c config.Campaign) ([]byte, error) {
	before, err := config.Parse(path, data)
	if err != nil {
		return nil, err
	}
	want, at := candidate(before, c)
	if err := want.Validate(); err != nil {
		return nil, err
	}
	// As written: with the zone of whoever writes. As read: in UTC.
	written := want.Campaigns[at]
	want.Campaigns[at].Declared = inUTC(written.Declared)
	if reflect.DeepEqual(before, want) {
		return data, nil
	}
	t := newText(data)
	var root yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, ErrLayout
	}
	var was *config.Campaign
	if at < len(before.Campaigns) {
		was = &before.Campaigns[at]
	}
	t.campaigns(&root, at, was, written)
	out, ok := t.done()
	if !ok {
		return nil, ErrLayout
	}
	if after, err := config.Parse(path, out); err != nil || !reflect.DeepEqual(after, want) {
		return nil, ErrLayout
	}
	return out, nil
}

// candidate is a configuration with one campaign changed or added, and at which place,
// as the file will say it.
func candidate(cfg config.Config, c config.Campaign) (config.Config, int) {
	at := slices.IndexFunc(cfg.Campaigns, func(one config.Campaign) bool { return one.Name == c.Name })
	var was config.Campaign
	cfg.Campaigns = slices.Clone(cfg.Campaigns)
	if at < 0 {
		at = len(cfg.Campaigns)
		cfg.Campaigns = append(cfg.Campaigns, config.Campaign{})
	} else {
		was = cfg.Campaigns[at]
	}
	equal := func(a, b string) bool { return a == b }
	was.Name = c.Name
	was.Tags = arranged(was.Tags, c.Tags, equal)
	was.Terms = arranged(was.Terms, c.Terms, equal)
	was.Protected = arranged(was.Protected, c.Protected, func(a, b config.Protected) bool { return a == b })
	was.Declared = arranged(was.Declared, c.Declared, sameName)
	was.KeepDays, was.Evidence = c.KeepDays, c.Evidence
	cfg.Campaigns[at] = was
	return cfg, at
}

// inUTC is a list of declared actions as it is when it is read.
func inUTC(all []config.Declared) []config.Declared {
	out := slices.Clone(all)
	for i := range out {
		d := &out[i]
		d.From, d.To = d.From.UTC(), d.To.UTC()
		d.Tags, d.Texts = orNil(d.Tags), orNil(d.Texts)
	}
	return out
}

func orNil(all []string) []string {
	if len(all) == 0 {
		return nil
	}
	return all
}

// campaigns changes the campaign at a place of the file's list, or adds it as the last.
func (t *text) campaigns(document *yaml.Node, at int, was *config.Campaign, want config.Campaign) {
	whole := field{"campaigns", value{list: []value{campaignValue(want)}}}
	if len(document.Content) == 0 || document.Content[0].Kind != yaml.MappingNode {
		t.put(len(t.data), len(t.data), whole.lines(0))
		return
	}
	root := entry{node: document.Content[0], limit: t.lines(), outer: -1}
	_, list, limit := root.find("campaigns")
	switch {
	case list == nil && !root.flow():
		t.put(len(t.data), len(t.data), "\n"+whole.lines(root.node.Column-1))
	case was == nil && (list == nil || len(list.Content) == 0):
		t.set(root, whole)
	case was == nil:
		keep := make([]bool, len(list.Content))
		for i := range keep {
			keep[i] = true
		}
		t.list(root, "campaigns", change{keep: keep, more: whole.value.list}, value{})
	case list.Kind != yaml.SequenceNode || at >= len(list.Content) || list.Content[at].Kind != yaml.MappingNode:
		t.lost = true
	default:
		e := entry{node: list.Content[at], limit: limit, outer: list.Column - 1, inFlow: root.flow() || list.Style&yaml.FlowStyle != 0}
		if !e.inFlow && at+1 < len(list.Content) {
			e.limit = t.dash(list, at+1)
		}
		t.campaign(e, *was, want)
	}
}
