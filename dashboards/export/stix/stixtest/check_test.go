package stixtest_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"winnow/dashboards/export/stix/stixtest"
)

// good is a valid bundle with an object of each type; each test gets its own.
func good(t testing.TB) map[string]any {
	t.Helper()
	raw, err := os.ReadFile("../testdata/pile-on-prove.json")
	if err != nil {
		t.Fatal(err)
	}
	var b map[string]any
	if err := json.Unmarshal(raw, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// first returns a bundle's first object of a type.
func first(t testing.TB, b map[string]any, kind string) map[string]any {
	t.Helper()
	for _, o := range b["objects"].([]any) {
		if m, ok := o.(map[string]any); ok && m["type"] == kind {
			return m
		}
	}
	t.Fatalf("no %s", kind)
	return nil
}

func TestValid(t *testing.T) {
	raw, err := os.ReadFile("../testdata/pile-on-prove.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := stixtest.Check(raw); err != nil {
		t.Error(err)
	}
}

func TestNotEvenABundle(t *testing.T) {
	for raw, want := range map[string]string{
		"":                          "no JSON object",
		"[]":                        "no JSON object",
		`{"type":"bundle"`:          "no JSON object",
		"{}":                        "objects is missing",
		"{} {}":                     "more than one bundle",
		"{\"type\":\"bundle\xff\"}": "no UTF-8",
	} {
		if err := stixtest.Check([]byte(raw)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", raw, err, want)
		}
	}
}

// Required properties of each type are missed, and those that no table has are refused.
func TestEveryRequiredProperty(t *testing.T) {
	common := []string{"spec_version", "id", "created", "modified"}
	for kind, own := range map[string][]string{
		"identity":           append([]string{"name"}, common...),
		"report":             append([]string{"name", "published", "object_refs"}, common...),
		"note":               append([]string{"content", "object_refs"}, common...),
		"observed-data":      append([]string{"first_observed", "last_observed", "number_observed", "object_refs"}, common...),
		"attack-pattern":     append([]string{"name"}, common...),
		"relationship":       append([]string{"relationship_type", "source_ref", "target_ref"}, common...),
		"url":                {"id", "value"},
		"user-account":       {"id"},
		"marking-definition": {"spec_version", "id", "created", "definition_type", "definition"},
	} {
		for _, name := range own {
			b := good(t)
			delete(first(t, b, kind), name)
			refused(t, kind+" without "+name, b, name+" is missing")
		}
		for _, name := range []string{"x_score", "extensions", "severity"} {
			b := good(t)
			first(t, b, kind)[name] = map[string]any{"a": 1}
			refused(t, kind+" with "+name, b, name+" is not allowed")
		}
		b := good(t)
		first(t, b, kind)["spec_version"] = "2.0"
		refused(t, kind+" of another version", b, `spec_version is not "2.1"`)
	}
}

func refused(t *testing.T, what string, b map[string]any, want string) {
	t.Helper()
	raw, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := stixtest.Check(raw); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// Each rule is broken once, and the break is named.
func TestBrokenRules(t *testing.T) {
	const nobody = "identity--fc02607d-4051-510a-bad7-7b5083cfb980"
	set := func(name string, v any) func(testing.TB, map[string]any) {
		return func(_ testing.TB, o map[string]any) { o[name] = v }
	}
	for _, c := range []struct {
		name, kind string
		spoil      func(testing.TB, map[string]any)
		want       string
	}{
		{"bundle: another type", "", set("type", "package"), `type is not "bundle"`},
		{"bundle: no objects", "", set("objects", []any{}), "objects is no list of at least one"},
		{"bundle: an object that is none", "", set("objects", []any{"a"}), "object 0 is none"},
		{"bundle: a version, as in 2.0", "", set("spec_version", "2.1"), "spec_version is not allowed"},
		{"bundle: id of a report", "", set("id", "report--522c54cd-2764-54df-b37f-e03ec3809865"), "id is not that of a bundle"},
		{"an unknown type", "url", set("type", "x-post"), "none of those known"},
		{"a type of 2.0's incident", "report", set("type", "incident"), "none of those known"},

		{"an id without UUID", "report", set("id", "report--1"), "id is no identifier"},
		{"an id of another type", "report", set("id", "note--bb94a335-1285-52dc-beb3-fa712838a516"), "id is not that of a report"},
		{"an id with one dash", "report", set("id", "report-bb94a335-1285-52dc-beb3-fa712838a516"), "id is no identifier"},
		{"an id in capitals", "report", set("id", "report--BB94A335-1285-52dc-beb3-fa712838a516"), "id is no identifier"},
		{"a UUID of no variant", "report", set("id", "report--bb94a335-1285-52dc-0eb3-fa712838a516"), "id is no identifier"},
		{"a UUID of version 9", "report", set("id", "report--bb94a335-1285-92dc-beb3-fa712838a516"), "id is no identifier"},
		{"an account's id made of something else", "user-account", set("user_id", "1009"), "id is not made of its properties"},
		{"an account's id that leaves out the login", "user-account", func(_ testing.TB, o map[string]any) { delete(o, "account_login") }, "id is not made of its properties"},
		{"an address's id made of something else", "url", set("value", "https://x.com/other"), "id is not made of its properties"},
		{"an account of nothing", "user-account", func(_ testing.TB, o map[string]any) {
			for name := range o {
				if name != "type" && name != "id" {
					delete(o, name)
				}
			}
		}, "has no property of its own"},
		{"an account with a random name's id", "user-account", func(_ testing.TB, o map[string]any) {
			delete(o, "user_id")
			delete(o, "account_login")
			delete(o, "account_type")
		}, "id has nothing to be made of"},

		{"made by a report", "note", set("created_by_ref", "report--bb94a335-1285-52dc-beb3-fa712838a516"), "created_by_ref refers to a report"},
		{"made by whom nobody knows", "note", set("created_by_ref", nobody), "created_by_ref refers to what is not there"},
		{"marked by an identity", "note", set("object_marking_refs", []any{nobody}), "object_marking_refs has an item 0 that refers to a identity"},
		{"marked by what is not there", "note", set("object_marking_refs", []any{"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"}), "refers to what is not there"},
		{"marked by nothing", "note", set("object_marking_refs", []any{}), "object_marking_refs is no list of at least one"},
		{"a report of nothing", "report", set("object_refs", []any{}), "object_refs is no list of at least one"},
		{"a report of a marking", "report", set("object_refs", []any{"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}), "refers to a marking-definition"},
		{"a report of what is not there", "report", set("object_refs", []any{nobody}), "refers to what is not there"},
		{"a report of what has no id", "report", set("object_refs", []any{"zeynab"}), "is no identifier"},
		{"a note on what is not there", "note", set("object_refs", []any{nobody}), "refers to what is not there"},
		{"a report observed", "observed-data", set("object_refs", []any{"report--bb94a335-1285-52dc-beb3-fa712838a516"}), "refers to a report"},
		{"objects within, as in 2.0", "observed-data", set("objects", map[string]any{"0": map[string]any{"type": "url"}}), "objects is not allowed"},

		{"a time in another zone", "report", set("created", "2015-06-12T19:30:41.000+00:00"), "created is no time in UTC"},
		{"a time with a blank", "report", set("created", "2015-06-12 19:30:41.000Z"), "created is no time in UTC"},
		{"a 30th of February", "report", set("published", "2015-02-30T19:30:41.000Z"), "published is no time that there is"},
		{"without milliseconds", "report", set("created", "2015-06-12T19:30:41Z"), "created has no milliseconds"},
		{"a number for a time", "report", set("modified", 1434137441), "modified is no time in UTC"},
		{"modified before it was made", "report", set("modified", "2015-06-12T19:30:40.999Z"), "modified is too early for created"},
		{"seen last before first", "observed-data", set("last_observed", "2015-06-12T19:29:59.999Z"), "last_observed is too early for first_observed"},
		{"opened at no time", "user-account", set("account_created", "yesterday"), "account_created is no time in UTC"},

		{"seen never", "observed-data", set("number_observed", 0), "number_observed is no whole number"},
		{"seen too often", "observed-data", set("number_observed", 1_000_000_000), "number_observed is no whole number"},
		{"seen one and a half times", "observed-data", set("number_observed", 1.5), "number_observed is no whole number"},
		{"a number in a text", "observed-data", set("number_observed", "1"), "number_observed is no number"},
		{"too sure", "report", set("confidence", 101), "confidence is no whole number from 0 to 100"},
		{"less than not sure", "report", set("confidence", -1), "confidence is no whole number from 0 to 100"},
		{"sure in a word", "report", set("confidence", "high"), "confidence is no number"},
		{"an account's confidence", "user-account", set("confidence", 50), "confidence is not allowed"},
		{"an account's time", "user-account", set("created", "2015-06-12T19:30:41.000Z"), "created is not allowed"},
		{"a marking's later version", "marking-definition", set("modified", "2017-01-20T00:00:00.000Z"), "modified is not allowed"},
		{"no name", "identity", set("name", ""), "name is no text"},
		{"null", "report", set("description", nil), "description is no text"},
		{"a language that is none", "report", set("lang", "english language"), "lang is no language"},
		{"a label for labels", "report", set("labels", "coordinated"), "labels is no list"},
		{"revoked, in a word", "report", set("revoked", "no"), "revoked is neither true nor false"},

		{"related in capitals", "relationship", set("relationship_type", "Related To"), "relationship_type has other letters"},
		{"a report using a technique", "relationship", set("relationship_type", "uses"), `a report is not "uses" to a attack-pattern`},
		{"a report that is the duplicate of a technique", "relationship", set("relationship_type", "duplicate-of"), `is not "duplicate-of"`},
		{"related to a relationship", "relationship", set("target_ref", "relationship--337b751e-7e53-57f8-bbf8-c917bfbeeff9"), "target_ref refers to a relationship"},
		{"related to a marking", "relationship", set("source_ref", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"), "source_ref refers to a marking-definition"},
		{"over when it begins", "relationship", func(_ testing.TB, o map[string]any) {
			o["start_time"], o["stop_time"] = "2015-06-12T19:30:41.000Z", "2015-06-12T19:30:41.000Z"
		}, "stop_time is too early for start_time"},

		{"a reference to nothing", "attack-pattern", set("external_references", []any{map[string]any{"source_name": "DISARM"}}), "has neither description nor url nor external_id"},
		{"a reference from nowhere", "attack-pattern", set("external_references", []any{map[string]any{"external_id": "T0048"}}), "source_name is missing"},
		{"a reference with more", "attack-pattern", set("external_references", []any{map[string]any{"source_name": "DISARM", "external_id": "T0048", "page": "1"}}), "page is not allowed"},
		{"a reference to no address", "attack-pattern", set("external_references", []any{map[string]any{"source_name": "DISARM", "url": "the web"}}), "url is no URI"},
		{"a phase without a name", "attack-pattern", set("kill_chain_phases", []any{map[string]any{"kill_chain_name": "disarm"}}), "phase_name is missing"},
		{"an address with a blank", "url", set("value", "https://x.com/a b"), "value is no URI"},
		{"an address with a bad escape", "url", set("value", "https://x.com/%zz"), "value is no URI"},
		{"a credential", "user-account", set("credential", "secret"), "credential is not allowed"},

		{"another kind of marking", "marking-definition", set("definition_type", "statement"), `definition_type is not "tlp"`},
		{"a level that is none", "marking-definition", set("definition", map[string]any{"tlp": "purple"}), "is no level of TLP"},
		{"a level with another's id", "marking-definition", set("definition", map[string]any{"tlp": "white"}), "not the marking that the standard fixes"},
		{"a level of another time", "marking-definition", set("created", "2018-01-20T00:00:00.000Z"), "not the marking that the standard fixes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := good(t)
			if c.kind == "" {
				c.spoil(t, b)
			} else {
				c.spoil(t, first(t, b, c.kind))
			}
			refused(t, c.name, b, c.want)
		})
	}
}

func TestTwiceTheSame(t *testing.T) {
	b := good(t)
	b["objects"] = append(b["objects"].([]any), first(t, b, "note"))
	refused(t, "an object twice", b, "is there twice")

	b = good(t)
	_, uuid, _ := strings.Cut(first(t, b, "report")["id"].(string), "--")
	first(t, b, "identity")["id"] = "identity--" + uuid
	refused(t, "one UUID for two objects", b, "has the UUID of")
}

func TestWhatMayRelate(t *testing.T) {
	b := good(t)
	r := first(t, b, "relationship")
	technique, person := r["target_ref"], first(t, b, "identity")["id"]
	account := first(t, b, "user-account")["id"]
	for _, c := range []struct {
		from, kind, to any
		ok             bool
	}{
		{technique, "targets", person, true},
		{technique, "targets", account, false},
		{person, "targets", technique, false},
		{account, "duplicate-of", account, true},
		{account, "derived-from", technique, false},
		{account, "related-to", technique, true},
		{account, "uses", technique, false},
	} {
		r["source_ref"], r["relationship_type"], r["target_ref"] = c.from, c.kind, c.to
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if err := stixtest.Check(raw); (err == nil) != c.ok {
			t.Errorf("%v %v %v: %v", c.from, c.kind, c.to, err)
		}
	}
}

// However broken a bundle is, the checker says so and does not panic.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"type":"bundle","id":"bundle--522c54cd-2764-54df-b37f-e03ec3809865","objects":[{"type":"relationship","external_references":[{"url":"a:b"}],"object_marking_refs":["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"]},{"type":"marking-definition","definition":{"tlp":"white"}}]}`))
	f.Add([]byte(`{"type":"bundle","id":"bundle--522c54cd-2764-54df-b37f-e03ec3809865","objects":[{"type":"url","id":1,"value":[]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := stixtest.Check(raw)
		var b struct {
			Type    string
			Objects []any
		}
		if json.Unmarshal(raw, &b) != nil || len(b.Objects) == 0 {
			if err == nil {
				t.Error("what is no bundle is valid")
			}
		}
	})
}
