package model

// Colours that are told apart without seeing red and green, the desk's own.
const (
	Organic     = "#7890ad"
	Coordinated = "#cc4a0c"
	Declared    = "#1d8577"
	Early       = "#e3b04b"
	Unseen      = "#80796a"
	Calm        = "text"
)

// Unit writes a field in a unit, in Grafana's words.
func Unit(unit string) Property { return Property{"unit", unit} }

// Digits is how many of a field are written behind the point.
func Digits(n int) Property { return Property{"decimals", n} }

// Width is a column's width in pixels.
func Width(px int) Property { return Property{"custom.width", px} }

// Wide is a column's least width in pixels.
func Wide(px int) Property { return Property{"custom.minWidth", px} }

// Empty is what stands where there is no value.
func Empty(text string) Property { return Property{"noValue", text} }

// Hidden keeps a column for links and out of sight. From Grafana 12.2 on the setting
// is custom.hideFrom.viz, and this older form of it is turned into that.
func Hidden() Property { return Property{"custom.hidden", true} }

// Painted gives a line its colour.
func Painted(color string) Property {
	return Property{"color", Color{Mode: "fixed", Fixed: color}}
}

// Leads makes a field's values links.
func Leads(title, url string) Property {
	return Property{"links", []DataLink{{Title: title, URL: url}}}
}

// Colored paints a cell's text by its words: pairs of a pattern and a colour. The
// words stay: no meaning hangs on the colour alone.
func Colored(pairs ...string) []Property {
	return []Property{{"custom.cellOptions", m{"type": "color-text"}}, {"mappings", patterns(pairs)}}
}

func patterns(pairs []string) []any {
	var out []any
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, mapping{"regex", mapped{pairs[i], result{i / 2, "$1", pairs[i+1]}}})
	}
	return out
}

// Steps colours a cell's text from some values on: pairs of a value and a colour.
func Steps(pairs ...any) []Property {
	return []Property{
		{"custom.cellOptions", m{"type": "color-text"}},
		{"thresholds", Thresholds{Mode: "absolute", Steps: append([]Step{{Color: Calm}}, stepsOf(pairs)...)}},
	}
}

// FillTo fills the space between a line and another one.
func FillTo(name string) []Property {
	return []Property{{"custom.fillBelowTo", name}, {"custom.fillOpacity", 18}}
}

type mapping struct {
	Type    string `json:"type"`
	Options mapped `json:"options"`
}

type mapped struct {
	Pattern string `json:"pattern"`
	Result  result `json:"result"`
}

type result struct {
	Index int    `json:"index"`
	Text  string `json:"text"`
	Color string `json:"color"`
}
