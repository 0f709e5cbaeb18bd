package stix

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Observables take their ids from the standard's own namespace, so that one account has one
// id in everybody's bundles. All else SHOULD have random ids (section 2.9); those here are
// made from what the object is about, in a namespace of Winnow's, so that the same finding
// gives the same bundle and a later export of it is a later version of the same report.
const (
	observables = "00abedb4-aa42-466c-9c01-fed23315a9b7"
	ours        = "30289222-caa7-44d4-b273-ffa18aca521c"
)

// observableID returns the id of an observable: a UUIDv5 of its properties that contribute
// to it (pairs of name and value, those without value left out), in the canonical form of
// RFC 8785.
func observableID(kind string, contributing ...[2]string) string {
	slices.SortFunc(contributing, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	var fields []string
	for _, p := range contributing {
		if p[1] != "" {
			fields = append(fields, canonical(p[0])+":"+canonical(p[1]))
		}
	}
	return named(kind, observables, "{"+strings.Join(fields, ",")+"}")
}

// objectID returns the id of an object that is no observable, from all that tells it from
// others of its kind.
func objectID(kind string, parts ...string) string {
	items := []string{canonical(kind)}
	for _, p := range parts {
		items = append(items, canonical(p))
	}
	return named(kind, ours, "["+strings.Join(items, ",")+"]")
}

func named(kind, namespace, name string) string {
	return kind + "--" + uuid.NewSHA1(uuid.MustParse(namespace), []byte(name)).String()
}

// canonical returns a string as JSON, in the one form that RFC 8785, section 3.2.2.2, allows.
func canonical(s string) string {
	quoted, err := jsontext.AppendQuote(nil, clean(s))
	if err != nil {
		panic("clean text is not UTF-8: " + err.Error())
	}
	return string(quoted)
}

// clean makes a string one that JSON can hold: what an id is computed from and what is
// written must be the same.
func clean(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
