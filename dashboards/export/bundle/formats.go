package bundle

import (
	"io"

	"winnow/dashboards/export"
	"winnow/dashboards/export/graph"
	"winnow/dashboards/export/stix"
	"winnow/dashboards/export/table"
)

// format is a file that is written from a dataset alone.
type format struct {
	path, what string
	write      func(w io.Writer, d *export.Dataset) error
}

// formats are the files behind the report, in their order.
func formats(o Options) []format {
	all := []format{
		{"finding.json", "the claim with its numbers, and what people said of it", func(w io.Writer, d *export.Dataset) error {
			return writeJSON(w, claim(*d))
		}},
		{"method.json", "the version and the parameters that the finding was made with", func(w io.Writer, d *export.Dataset) error {
			return writeJSON(w, d.Method)
		}},
		{"coverage.json", "what was seen at the time, and every gap", func(w io.Writer, d *export.Dataset) error {
			return writeJSON(w, seen(*d))
		}},
		{"stix.json", "STIX 2.1, with techniques of DISARM", func(w io.Writer, d *export.Dataset) error {
			producer := ""
			if o.Signer != nil {
				producer = o.Signer.Public().Fingerprint()
			}
			return stix.Write(w, *d, stix.Options{Producer: producer})
		}},
	}
	all = append(all,
		format{"network/network.gexf", "who acted on what, with times, for Gephi (GEXF 1.3)", graph.GEXF},
		format{"network/network.graphml", "the same for igraph and networkx (GraphML)", graph.GraphML})
	for _, t := range table.Tables() {
		what := holds[t.Name]
		all = append(all,
			format{"data/" + t.Name + ".csv", what, t.CSV},
			format{"data/" + t.Name + ".parquet", "the same as Parquet", t.Parquet},
			format{"data/" + t.Name + ".jsonl", "the same as JSON lines", t.JSONLines})
	}
	return all
}

// holds says what each table has.
var holds = map[string]string{
	"posts":    "the posts, one row for each object that they carried",
	"accounts": "who took part",
	"objects":  "what they shared",
	"evidence": "every number that the bits are made of",
}
