package model

// m is a piece of options that only Grafana reads.
type m = map[string]any

// Stat is a number, or one for each column of the answer's only row.
func Stat(id int, title, description string, w, h int, targets ...Target) Panel {
	p := panel(id, "stat", title, description, w, h, targets...)
	p.Options = m{
		"colorMode": "value", "graphMode": "none", "justifyMode": "auto", "orientation": "auto", "textMode": "auto",
		"wideLayout": true, "showPercentChange": false, "percentChangeColorMode": "standard",
		"reduceOptions": m{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	return p
}

// AllFields shows a stat's words and times too, not its numbers alone.
func (p Panel) AllFields() Panel {
	if o, ok := p.Options.(m); ok {
		o["reduceOptions"] = m{"calcs": []string{"lastNotNull"}, "fields": "/.*/", "values": false}
	}
	return p
}

// Lines is a graph of lines over time. Where there is no value the line breaks.
func Lines(id int, title, description string, w, h int, targets ...Target) Panel {
	return graph(panel(id, "timeseries", title, description, w, h, targets...), m{
		"drawStyle": "line", "lineWidth": 2, "fillOpacity": 0, "showPoints": "auto", "pointSize": 4,
		"spanNulls": false, "insertNulls": false, "axisSoftMin": 0, "axisPlacement": "auto",
		"stacking": m{"mode": "none", "group": "A"}, "scaleDistribution": m{"type": "linear"},
	})
}

// Bars is a graph of bars over time, one kind on the other. A bar begins where
// its bucket does.
func Bars(id int, title, description string, w, h int, target Target) Panel {
	return graph(panel(id, "timeseries", title, description, w, h, target), m{
		"drawStyle": "bars", "lineWidth": 0, "fillOpacity": 80, "showPoints": "never", "pointSize": 4,
		"spanNulls": false, "axisSoftMin": 0, "axisPlacement": "auto", "barAlignment": 1,
		"stacking": m{"mode": "normal", "group": "A"}, "scaleDistribution": m{"type": "linear"},
	})
}

func graph(p Panel, custom m) Panel {
	p.FieldConfig.Defaults.Color, p.FieldConfig.Defaults.Custom = Color{Mode: "palette-classic"}, custom
	zero := 0.0
	p.FieldConfig.Defaults.Min = &zero
	p.Options = m{
		"legend":  m{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": m{"mode": "multi", "sort": "none"},
	}
	return p
}

// Rows is a table.
func Rows(id int, title, description string, w, h int, targets ...Target) Panel {
	p := panel(id, "table", title, description, w, h, targets...)
	p.FieldConfig.Defaults.Custom = m{
		"align": "auto", "cellOptions": m{"type": "auto", "wrapText": true}, "inspect": false, "filterable": false,
	}
	p.Options = m{"showHeader": true, "cellHeight": "sm", "frameIndex": 0, "sortBy": []any{}}
	return p
}

// Ranking is a graph of bars that lie, one line for each row of the answer; x is
// the column that names them.
func Ranking(id int, title, description string, w, h int, x string, target Target) Panel {
	p := panel(id, "barchart", title, description, w, h, target)
	p.FieldConfig.Defaults.Color = Color{Mode: "palette-classic"}
	p.FieldConfig.Defaults.Custom = m{"lineWidth": 0, "fillOpacity": 80, "axisPlacement": "auto", "axisSoftMin": 0}
	p.Options = m{
		"orientation": "horizontal", "xField": x, "stacking": "normal", "showValue": "auto", "groupWidth": 0.8, "barWidth": 0.9,
		"xTickLabelRotation": 0, "xTickLabelMaxLength": 0, "fullHighlight": false,
		"legend":  m{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": m{"mode": "multi", "sort": "none"},
	}
	return p
}

// Heat is a heat map of single values over time: Grafana counts how many fall
// into each cell. The axis doubles from line to line.
func Heat(id int, title, description string, w, h int, target Target) Panel {
	p := panel(id, "heatmap", title, description, w, h, target)
	p.FieldConfig.Defaults.Custom = m{"scaleDistribution": m{"type": "linear"}}
	p.Options = m{
		"calculate": true,
		"calculation": m{
			"xBuckets": m{"mode": "count", "value": "60"},
			"yBuckets": m{"mode": "size", "scale": m{"type": "log", "log": 2}},
		},
		"cellGap": 1, "cellValues": m{"decimals": 0},
		"color":  m{"mode": "scheme", "scheme": "Cividis", "steps": 32, "exponent": 0.5, "scale": "exponential", "fill": "dark-orange", "reverse": false},
		"yAxis":  m{"axisPlacement": "left", "unit": "s", "reverse": false},
		"legend": m{"show": true}, "tooltip": m{"mode": "single", "yHistogram": false, "showColorScale": true},
		"filterValues": m{"le": 1e-9}, "showValue": "never", "exemplars": m{"color": "rgba(255,0,255,0.7)"},
	}
	return p
}

// Lanes shows what held when: a lane for each value of the column by, and in it
// what the column said from each row's time on; nothing ends it.
func Lanes(id int, title, description string, w, h int, by string, target Target) Panel {
	p := panel(id, "state-timeline", title, description, w, h, target)
	p.FieldConfig.Defaults.Color = Color{Mode: "thresholds"}
	p.FieldConfig.Defaults.Custom = m{"lineWidth": 0, "fillOpacity": 80, "spanNulls": false, "insertNulls": false}
	p.Options = m{
		"mergeValues": true, "showValue": "auto", "alignValue": "left", "rowHeight": 0.8, "perPage": 20,
		"legend":  m{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": m{"mode": "single", "sort": "none"},
	}
	p.Transformations = []Transformation{{"partitionByValues", m{
		"fields": []string{by}, "keepFields": false, "naming": m{"asLabels": true},
	}}}
	return p
}

// Network draws nodes and what joins them.
func Network(id int, title, description string, w, h int, nodes, edges Target) Panel {
	p := panel(id, "nodeGraph", title, description, w, h, nodes.As("nodes"), edges.As("edges"))
	p.Options = m{
		"zoomMode": "cooperative", "nodes": m{"arcs": []any{}}, "edges": m{},
	}
	return p
}

// Folded is a row that stays closed, and asks nothing, until somebody opens it.
func Folded(id int, title string, panels ...Panel) Panel {
	yes := true
	return Panel{ID: id, Type: "row", Title: title, GridPos: Grid{W: columns, H: 1}, Collapsed: &yes, Panels: panels}
}
