package schematest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/dashboardv2"
	"github.com/grafana/grafana-foundation-sdk/go/heatmap"
	"github.com/grafana/grafana-foundation-sdk/go/nodegraph"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// register makes the schemas of the kinds of panels and queries in use known to the
// SDK. All that it has would be forty.
func register() {
	sdk := cog.NewRuntime()
	for _, kind := range []variants.PanelcfgConfig{
		barchart.VariantConfig(), heatmap.VariantConfig(), nodegraph.VariantConfig(), stat.VariantConfig(),
		statetimeline.VariantConfig(), table.VariantConfig(), timeseries.VariantConfig(),
	} {
		sdk.RegisterPanelcfgVariant(kind)
	}
	sdk.RegisterDataqueryVariant(prometheus.VariantConfig())
	sdk.RegisterDataqueryVariant(variants.DataqueryConfig{
		Identifier: storeQuery{}.DataqueryType(), DataqueryUnmarshaler: readStoreQuery, StrictDataqueryUnmarshaler: readStoreQuery,
	})
}

// strict is anything of the SDK that refuses what its schema does not have.
type strict interface{ UnmarshalJSONStrict(raw []byte) error }

// read decodes raw and returns what is wrong, a line for each. The SDK returns an
// empty list of errors for none, which is no nil error.
func read(into strict, raw []byte) []string { return lines(into.UnmarshalJSONStrict(raw)) }

func lines(err error) []string {
	var several cog.BuildErrors
	if !errors.As(err, &several) {
		if err == nil {
			return nil
		}
		return []string{err.Error()}
	}
	var out []string
	for _, e := range several {
		out = append(out, e.Error())
	}
	return out
}

// dashboardFaults returns what is wrong in a dashboard's JSON, with panel and field.
func dashboardFaults(raw []byte) []string {
	var d struct {
		Panels []json.RawMessage `json:"panels"`
	}
	var whole map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(raw, &d), json.Unmarshal(raw, &whole)); err != nil {
		return []string{err.Error()}
	}
	// Panels are looked at one by one, so that each fault has its panel's title.
	whole["panels"] = json.RawMessage("[]")
	rest, err := json.Marshal(whole)
	if err != nil {
		return []string{err.Error()}
	}
	out := read(&dashboard.Dashboard{}, rest) //nolint:staticcheck // the classic form, which Grafana 12 takes; its heir is another format
	for _, p := range d.Panels {
		out = append(out, panelFaults(p)...)
	}
	return out
}

func panelFaults(raw []byte) (out []string) {
	var p struct {
		Type, Title string
		Panels      []json.RawMessage
		FieldConfig json.RawMessage
	}
	say := func(lines ...string) {
		for _, line := range lines {
			out = append(out, fmt.Sprintf("panel %q: %s", p.Title, line))
		}
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		say(err.Error())
		return out
	}
	if p.Type == "row" {
		say(read(&dashboard.RowPanel{}, raw)...)
		for _, in := range p.Panels {
			out = append(out, panelFaults(in)...)
		}
		return out
	}
	kind, ok := cog.ConfigForPanelcfgVariant(p.Type)
	if !ok {
		say(fmt.Sprintf("of the kind %q, whose schema is not registered", p.Type))
	}
	say(read(&dashboard.Panel{}, raw)...)
	if p.FieldConfig != nil {
		say(fieldFaults(kind, p.FieldConfig)...)
	}
	return out
}

// fieldFaults looks at what the SDK takes unseen when it reads a panel: what holds for
// all fields, and each setting of an override together with it.
func fieldFaults(kind variants.PanelcfgConfig, raw []byte) []string {
	var c struct {
		Defaults  map[string]json.RawMessage
		Overrides []struct {
			Matcher    struct{ Options any }
			Properties []struct {
				ID    string
				Value json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return []string{err.Error()}
	}
	out := read(&dashboard.FieldConfigSource{}, raw)
	for _, o := range c.Overrides {
		for _, p := range o.Properties {
			for _, wrong := range propertyFaults(kind, c.Defaults["custom"], p.ID, p.Value) {
				out = append(out, fmt.Sprintf("override of %q, %s: %s", o.Matcher.Options, p.ID, wrong))
			}
		}
	}
	return out
}

// propertyFaults looks at one setting, given those of the kind of panel that hold for
// all fields.
func propertyFaults(kind variants.PanelcfgConfig, defaults json.RawMessage, id string, value json.RawMessage) (out []string) {
	if id == "links" {
		var links []json.RawMessage
		if err := json.Unmarshal(value, &links); err != nil {
			return []string{err.Error()}
		}
		for _, link := range links {
			out = append(out, read(&dashboardv2.DataLink{}, link)...)
		}
		return out
	}
	path, own := strings.CutPrefix(id, "custom.")
	if !own {
		one, err := json.Marshal(map[string]json.RawMessage{id: value})
		if err != nil {
			return []string{err.Error()}
		}
		return read(&dashboard.FieldConfig{}, one)
	}
	if kind.StrictFieldConfigUnmarshaler == nil {
		return []string{"the kind of panel has no such settings"}
	}
	merged, err := with(defaults, strings.Split(path, "."), value)
	if err != nil {
		return []string{err.Error()}
	}
	_, err = kind.StrictFieldConfigUnmarshaler(merged)
	return lines(err)
}

// with is an object with a value at a path of names.
func with(object json.RawMessage, path []string, value json.RawMessage) (json.RawMessage, error) {
	if len(path) == 0 {
		return value, nil
	}
	fields := map[string]json.RawMessage{}
	if object != nil {
		if err := json.Unmarshal(object, &fields); err != nil {
			return nil, err
		}
	}
	inner, err := with(fields[path[0]], path[1:], value)
	if err != nil {
		return nil, err
	}
	fields[path[0]] = inner
	return json.Marshal(fields)
}
