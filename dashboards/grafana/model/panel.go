package model

import "strconv"

// Grid is a panel's place: 24 columns, any number of rows.
type Grid struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

const columns = 24

// Panel is one rectangle of a dashboard, or a row that holds some.
type Panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description,omitempty"`
	Datasource      *Source          `json:"datasource,omitempty"`
	GridPos         Grid             `json:"gridPos"`
	Interval        string           `json:"interval,omitempty"`
	FieldConfig     *FieldConfig     `json:"fieldConfig,omitempty"`
	Options         any              `json:"options,omitempty"`
	Transformations []Transformation `json:"transformations,omitempty"`
	Targets         []Target         `json:"targets,omitempty"`

	// Of a row.
	Collapsed *bool   `json:"collapsed,omitempty"`
	Panels    []Panel `json:"panels,omitempty"`
}

// Transformation is what Grafana does with the answer before it is drawn.
type Transformation struct {
	ID      string `json:"id"`
	Options any    `json:"options"`
}

// FieldConfig says how numbers are written and coloured.
type FieldConfig struct {
	Defaults  Field      `json:"defaults"`
	Overrides []Override `json:"overrides"`
}

// Field is what holds for all fields unless overridden.
type Field struct {
	Unit       string     `json:"unit"`
	Decimals   *int       `json:"decimals,omitempty"`
	Min        *float64   `json:"min,omitempty"`
	Max        *float64   `json:"max,omitempty"`
	NoValue    string     `json:"noValue"`
	Display    string     `json:"displayName,omitempty"`
	Color      Color      `json:"color"`
	Mappings   []any      `json:"mappings"`
	Thresholds Thresholds `json:"thresholds"`
	Custom     any        `json:"custom,omitempty"`
}

// Color is how a field gets its colour.
type Color struct {
	Mode  string `json:"mode"`
	Fixed string `json:"fixedColor,omitempty"`
}

// Thresholds colour by value.
type Thresholds struct {
	Mode  string `json:"mode"`
	Steps []Step `json:"steps"`
}

// Step is a colour and from which value on it holds; nil for the lowest.
type Step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

// Override is what holds for the field of a name.
type Override struct {
	Matcher    Matcher    `json:"matcher"`
	Properties []Property `json:"properties"`
}

// Matcher names a field.
type Matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

// Property is one setting of an override.
type Property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// place lays panels out from left to right in the order they are given, a new
// line where one does not fit. Those of a row come below it.
func place(panels []Panel) {
	x, y, tall := 0, 0, 0
	for i := range panels {
		g := &panels[i].GridPos
		if x+g.W > columns {
			x, y, tall = 0, y+tall, 0
		}
		g.X, g.Y = x, y
		x, tall = x+g.W, max(tall, g.H)
		if in := panels[i].Panels; len(in) > 0 {
			place(in)
			for j := range in {
				in[j].GridPos.Y += y + g.H
			}
		}
	}
}

// panel is what all kinds have in common.
func panel(id int, kind, title, description string, w, h int, targets ...Target) Panel {
	p := Panel{
		ID: id, Type: kind, Title: title, Description: description, GridPos: Grid{W: w, H: h},
		FieldConfig: &FieldConfig{
			Defaults: Field{
				Color: Color{Mode: "thresholds"}, Mappings: []any{},
				Thresholds: Thresholds{Mode: "absolute", Steps: []Step{{Color: "text"}}},
			},
			Overrides: []Override{},
		},
		Targets: targets,
	}
	if len(targets) > 0 {
		p.Datasource = &targets[0].Datasource
	}
	return p
}

// Unit says in which unit its numbers are, in Grafana's words, and what is shown
// when there is none.
func (p Panel) Unit(unit, noValue string) Panel {
	p.FieldConfig.Defaults.Unit, p.FieldConfig.Defaults.NoValue = unit, noValue
	return p
}

// Digits is how many are written behind the point.
func (p Panel) Digits(n int) Panel {
	p.FieldConfig.Defaults.Decimals = &n
	return p
}

// Share bounds the axis to a share, from 0 to 1.
func (p Panel) Share() Panel {
	zero, one := 0.0, 1.0
	p.FieldConfig.Defaults.Min, p.FieldConfig.Defaults.Max = &zero, &one
	return p
}

// Least is the least time between two points, such as "1m".
func (p Panel) Least(interval string) Panel {
	p.Interval = interval
	return p
}

// Named names each line by a template, such as "${__field.labels.campaign}".
func (p Panel) Named(template string) Panel {
	p.FieldConfig.Defaults.Display = template
	return p
}

// Above colours values from some on: pairs of a value and a colour.
func (p Panel) Above(pairs ...any) Panel {
	steps := &p.FieldConfig.Defaults.Thresholds.Steps
	*steps = append((*steps)[:len(*steps):len(*steps)], stepsOf(pairs)...)
	return p
}

func stepsOf(pairs []any) []Step {
	var out []Step
	for i := 0; i+1 < len(pairs); i += 2 {
		value, ok := pairs[i].(float64)
		color, named := pairs[i+1].(string)
		if !ok || !named {
			continue // the goldens would show it
		}
		out = append(out, Step{Color: color, Value: &value})
	}
	return out
}

// Field overrides what holds for the field of a name.
func (p Panel) Field(name string, properties ...Property) Panel {
	o := &p.FieldConfig.Overrides
	*o = append(*o, Override{Matcher: Matcher{ID: "byName", Options: name}, Properties: properties})
	return p
}

// Maps colours words, for all fields: pairs of a pattern and a colour.
func (p Panel) Maps(pairs ...string) Panel {
	p.FieldConfig.Defaults.Mappings = patterns(pairs)
	return p
}

// Words tells the numbers 0, 1, 2 and so on in words: pairs of a word and a colour.
func (p Panel) Words(pairs ...string) Panel {
	options := make(map[string]result, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		options[strconv.Itoa(i/2)] = result{i / 2, pairs[i], pairs[i+1]}
	}
	p.FieldConfig.Defaults.Mappings = []any{m{"type": "value", "options": options}}
	return p
}
