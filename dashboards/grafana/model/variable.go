package model

import "strings"

// Variable is a choice at the top of a dashboard.
type Variable struct {
	Name        string   `json:"name"`
	Label       string   `json:"label"`
	Description string   `json:"description"`
	Type        string   `json:"type"` // query, custom
	Datasource  *Source  `json:"datasource,omitempty"`
	Query       string   `json:"query"`
	Definition  string   `json:"definition,omitempty"`
	Refresh     int      `json:"refresh,omitempty"` // 1: on load, 2: when the time changes too
	Sort        int      `json:"sort"`
	Multi       bool     `json:"multi"`
	IncludeAll  bool     `json:"includeAll"`
	Hide        int      `json:"hide"`
	Regex       string   `json:"regex"`
	SkipURLSync bool     `json:"skipUrlSync"`
	Options     []Option `json:"options"`
	Current     any      `json:"current"`
}

// Option is one of the choices that do not come from a query.
type Option struct {
	Text     string `json:"text"`
	Value    string `json:"value"`
	Selected bool   `json:"selected"`
}

// current is what is chosen before anybody chose.
type current struct {
	Selected bool `json:"selected"`
	Text     any  `json:"text"`
	Value    any  `json:"value"`
}

// Hidden is the variable out of sight, so that links carry it on.
func (v Variable) Hidden() Variable {
	v.Hide = 2
	return v
}

// One is a variable of which one value is chosen, out of what a query gives: the
// value, and as a second column what it is called.
func One(name, label, description, sql string) Variable {
	return Variable{
		Name: name, Label: label, Description: description, Type: "query", Datasource: &Store,
		Query: sql, Definition: sql, Refresh: 2, Options: []Option{}, Current: current{Text: "", Value: ""},
	}
}

// Many is a variable of which several values, or all, may be chosen out of fixed
// ones; all stands for each of them. The options alternate value and name.
func Many(name, label, description string, options ...string) Variable {
	v := Variable{
		Name: name, Label: label, Description: description, Type: "custom", Multi: true, IncludeAll: true,
		Options: []Option{{Text: "All", Value: "$__all", Selected: true}},
		Current: current{true, []string{"All"}, []string{"$__all"}},
	}
	var query []string
	for i := 0; i+1 < len(options); i += 2 {
		v.Options = append(v.Options, Option{Text: options[i+1], Value: options[i]})
		query = append(query, options[i+1]+" : "+options[i])
	}
	v.Query = strings.Join(query, ", ")
	return v
}
