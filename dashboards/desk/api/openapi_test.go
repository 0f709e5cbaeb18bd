package api

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/go-cmp/cmp"
)

// document is openapi.yaml as it is served.
var document = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(description) })

func load(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// described fails unless an answer is one that openapi.yaml has for its pattern.
func described(t *testing.T, r *http.Request, pattern string, got asked) {
	t.Helper()
	doc := load(t)
	path, ok := strings.CutPrefix(pattern, root)
	item := doc.Paths.Value(path)
	if !ok { // there is nothing at the address: any operation's problem
		item = doc.Paths.Value("/status")
	}
	if item == nil || item.Get == nil {
		t.Fatalf("%s is not described", pattern)
	}
	err := openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: r, Route: &routers.Route{Spec: doc, PathItem: item, Path: path, Method: http.MethodGet, Operation: item.Get},
		},
		Status: got.Code, Header: got.Header, Body: io.NopCloser(bytes.NewReader(got.Body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		t.Errorf("%s: %d is not as described: %.900s\n%.600s", r.URL, got.Code, err.Error(), got.Body)
	}
}

func TestDescriptionIsValid(t *testing.T) {
	if err := load(t).Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestDescriptionIsServed(t *testing.T) {
	got := ask(t, newOptions(nil), http.MethodGet, root+descriptionPath)
	if got.Code != http.StatusOK || got.Get("Content-Type") != "application/yaml" || !bytes.Equal(got.Body, description) {
		t.Errorf("%d %s, %d bytes", got.Code, got.Get("Content-Type"), len(got.Body))
	}
}

// Every address is described, and everything described is there, for reading only.
func TestRoutesAreDescribed(t *testing.T) {
	want := slices.Sorted(maps.Keys((&api{}).routes()))
	want = append(want, descriptionPath)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(load(t).Paths.Map()))); diff != "" {
		t.Error(diff)
	}
	for path, item := range load(t).Paths.Map() {
		if len(item.Operations()) != 1 || item.Get == nil {
			t.Errorf("%s can do more than be read", path)
		}
	}
}

// Every object tells all of its fields, each of which is always there, and no others:
// so that an answer with a field too many, or too few, is not as described.
func TestObjectsAreStrict(t *testing.T) {
	objects := 0
	var walk func(where string, ref *openapi3.SchemaRef)
	walk = func(where string, ref *openapi3.SchemaRef) {
		if ref == nil || ref.Value == nil {
			t.Fatalf("%s has no schema", where)
		}
		s := ref.Value
		if s.Items != nil {
			walk(where+"[]", s.Items)
		}
		if !s.Type.Includes("object") {
			return
		}
		objects++
		if has := s.AdditionalProperties.Has; has == nil || *has {
			t.Errorf("%s may have other fields", where)
		}
		names := slices.Sorted(maps.Keys(s.Properties))
		if required := slices.Sorted(slices.Values(s.Required)); where != "Problem" && !slices.Equal(names, required) {
			t.Errorf("%s: %s", where, cmp.Diff(names, required))
		}
		for name, property := range s.Properties {
			if strings.ToLower(name) != name || strings.ContainsAny(name, "- ") {
				t.Errorf("%s.%s is not in snake case", where, name)
			}
			walk(where+"."+name, property)
		}
	}
	for name, schema := range load(t).Components.Schemas {
		walk(name, schema)
	}
	if objects < 30 {
		t.Errorf("%d objects were looked at", objects)
	}
}

// Every parameter that is described is taken, with each value that it may have, and
// no other: a refusal names the same ones as the description.
func TestParametersAreDescribed(t *testing.T) {
	for path, item := range load(t).Paths.Map() {
		if path == descriptionPath {
			continue
		}
		target := root + strings.NewReplacer("{campaign}", segment(lanterns), "{finding}", "c0ffee01", "{change}", "c2", "{person}", "mastodon:lantern_anna").Replace(path)
		var names []string
		for _, ref := range item.Get.Parameters {
			p := ref.Value
			names = append(names, p.Name)
			for _, value := range values(t, p) {
				got := ask(t, newOptions(nil), http.MethodGet, target+"?"+url.Values{p.Name: {value}}.Encode())
				if got.Code != http.StatusOK {
					t.Errorf("%s?%s=%s: %d %s", target, p.Name, value, got.Code, got.Body)
				}
			}
			if p.Schema.Value.Type.Is("integer") {
				for _, value := range []float64{*p.Schema.Value.Min - 1, *p.Schema.Value.Max + 1} {
					got := ask(t, newOptions(nil), http.MethodGet, fmt.Sprintf("%s?%s=%.0f", target, p.Name, value))
					if got.Code != http.StatusBadRequest {
						t.Errorf("%s?%s=%.0f: %d", target, p.Name, value, got.Code)
					}
				}
			}
		}
		slices.Sort(names)
		body := string(ask(t, newOptions(nil), http.MethodGet, target+"?nobody=asked").Body)
		says := "there is no such parameter here; leave it out"
		if len(names) > 0 {
			says += "; there are " + strings.Join(names, ", ")
		}
		if !strings.Contains(body, says+`"`) {
			t.Errorf("%s: want %q: %s", target, says, body)
		}
	}
}

// values are values that a parameter may have.
func values(t *testing.T, p *openapi3.Parameter) []string {
	s := p.Schema.Value
	var out []string
	switch {
	case len(s.Enum) > 0:
		for _, v := range s.Enum {
			out = append(out, fmt.Sprint(v))
		}
	case s.Type.Is("boolean"):
		out = []string{"true", "false"}
	case s.Type.Is("integer"):
		out = []string{fmt.Sprintf("%.0f", *s.Min), fmt.Sprintf("%.0f", *s.Max)}
	case s.Format == "date-time":
		out = []string{"2031-06-12T17:00:00Z", "2031-06-12T20:30:00+04:00"}
	case p.Name == "campaign":
		out = []string{lanterns, parks, empty}
	default:
		t.Fatalf("what %s may be is not known", p.Name)
	}
	return out
}
