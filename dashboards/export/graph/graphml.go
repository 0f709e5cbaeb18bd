package graph

import (
	"fmt"
	"io"

	"winnow/dashboards/export"
)

// graphMLData are the values of a node or an edge.
type graphMLData struct {
	All []graphMLValue `xml:"data"`
}

type graphMLValue struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

// GraphML writes the network as GraphML (http://graphml.graphdrawing.org/specification.html).
func GraphML(w io.Writer, d *export.Dataset) error {
	n := newNetwork(d)
	out := newWriter(w)
	out.open("graphml", "xmlns", "http://graphml.graphdrawing.org/xmlns")
	nodeAttributes, edgeAttributes := nodeAttributes(), edgeAttributes()
	out.graphMLKeys("node", append(nodeAttributes[:len(nodeAttributes):len(nodeAttributes)], attribute{"label", "label", text}))
	out.graphMLKeys("edge", append(edgeAttributes[:len(edgeAttributes):len(edgeAttributes)], attribute{"weight", "weight", number}))
	out.graphMLKeys("all", []attribute{{"start", "start", text}, {"end", "end", text}})
	out.open("graph", "id", "finding", "edgedefault", "undirected")
	for v := range n.nodes() {
		data := graphMLOf(v.values, nodeAttributes)
		data.add("label", v.label)
		data.span(v.span)
		out.element("node", data, "id", v.id)
	}
	for e := range n.edges() {
		data := graphMLOf(e.values, edgeAttributes)
		data.add("weight", float(e.weight))
		data.span(e.span)
		out.element("edge", data, "id", e.id, "source", e.from, "target", e.to)
	}
	out.end("graph", "graphml")
	if err := out.close(); err != nil {
		return fmt.Errorf("write the network as GraphML: %w", err)
	}
	return nil
}

func (w *writer) graphMLKeys(of string, all []attribute) {
	for _, a := range all {
		w.element("key", struct{}{}, "id", a.id, "for", of, "attr.name", a.name, "attr.type", a.kind)
	}
}

func graphMLOf(values []value, all []attribute) (out graphMLData) {
	for _, v := range values {
		out.add(all[v.of].id, v.text)
	}
	return out
}

func (d *graphMLData) add(key, value string) {
	if value != "" {
		d.All = append(d.All, graphMLValue{key, value})
	}
}

func (d *graphMLData) span(s span) {
	d.add("start", s.start())
	d.add("end", s.end())
}
