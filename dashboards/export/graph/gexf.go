package graph

import (
	"fmt"
	"io"

	"winnow/dashboards/export"
)

// gexfValues are the values of a node or an edge.
type gexfValues struct {
	All []gexfValue `xml:"attvalues>attvalue"`
}

type gexfValue struct {
	For   string `xml:"for,attr"`
	Value string `xml:"value,attr"`
}

// GEXF writes the network as GEXF 1.3 (https://gexf.net/1.3/gexf.xsd).
func GEXF(w io.Writer, d *export.Dataset) error {
	n := newNetwork(d)
	out := newWriter(w)
	whole := span{d.Finding.From, d.Finding.To}
	out.open("gexf", "xmlns", "http://gexf.net/1.3", "version", "1.3")
	out.open("meta")
	out.element("creator", "Winnow")
	out.element("description", d.Finding.Sentence)
	out.end("meta")
	out.open("graph", "defaultedgetype", "undirected", "idtype", "string", "mode", "dynamic", "timeformat", "dateTime", "timerepresentation", "interval",
		"start", whole.start(), "end", whole.end())
	nodeAttributes, edgeAttributes := nodeAttributes(), edgeAttributes()
	out.gexfAttributes("node", nodeAttributes)
	out.gexfAttributes("edge", edgeAttributes)
	out.open("nodes")
	for v := range n.nodes() {
		out.element("node", gexfOf(v.values, nodeAttributes), "id", v.id, "label", v.label, "start", v.start(), "end", v.end())
	}
	out.end("nodes")
	out.open("edges")
	for e := range n.edges() {
		out.element("edge", gexfOf(e.values, edgeAttributes), "id", e.id, "source", e.from, "target", e.to, "weight", float(e.weight), "start", e.start(), "end", e.end())
	}
	out.end("edges", "graph", "gexf")
	if err := out.close(); err != nil {
		return fmt.Errorf("write the network as GEXF: %w", err)
	}
	return nil
}

func (w *writer) gexfAttributes(of string, all []attribute) {
	w.open("attributes", "class", of, "mode", "static")
	for _, a := range all {
		w.element("attribute", struct{}{}, "id", a.id, "title", a.name, "type", a.kind)
	}
	w.end("attributes")
}

func gexfOf(values []value, all []attribute) gexfValues {
	out := gexfValues{make([]gexfValue, len(values))}
	for i, v := range values {
		out.All[i] = gexfValue{all[v.of].id, v.text}
	}
	return out
}
