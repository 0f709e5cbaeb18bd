package stixtest

// property is a row of an object's table.
type property struct {
	required bool
	check    rule
}

// table is what an object may hold.
type table map[string]property

// kinds of objects, by what may refer to them.
const (
	domain       = "SDO"
	relational   = "SRO"
	observable   = "SCO"
	meta         = "SMO"
	identityType = "identity"
	markingType  = "marking-definition"
)

// classes says what kind an object of a type is (sections 4 to 7).
var classes = map[string]string{
	"attack-pattern": domain, identityType: domain, "note": domain, "observed-data": domain, "report": domain,
	"relationship": relational, "url": observable, "user-account": observable, markingType: meta,
}

func must(r rule) property { return property{required: true, check: r} }
func may(r rule) property  { return property{check: r} }

// common are the properties of domain and relationship objects, and observed those of
// observables (section 3.2).
func common(own table) table {
	return with(own, table{
		"type": must(text), "spec_version": must(exactly(specVersion)), "id": must(text),
		"created_by_ref": may(refTo(identityType)), "created": must(millis), "modified": must(millis),
		"revoked": may(boolean), "labels": may(list(text)), "confidence": may(between(0, 100)), "lang": may(language),
		"external_references": may(list(external)), "object_marking_refs": may(list(refTo(markingType))),
	})
}

func observed(own table) table {
	return with(own, table{
		"type": must(text), "spec_version": may(exactly(specVersion)), "id": must(text),
		"object_marking_refs": may(list(refTo(markingType))), "defanged": may(boolean),
	})
}

func with(a, b table) table {
	for name, p := range b {
		a[name] = p
	}
	return a
}

// tables returns the objects' tables, by type.
func tables() map[string]table {
	described := refTo(domain, relational, observable)
	ends := refTo(domain, observable)
	return map[string]table{
		"attack-pattern": common(table{"name": must(text), "description": may(text), "aliases": may(list(text)), "kill_chain_phases": may(list(phase))}),                                                   // 4.1
		identityType:     common(table{"name": must(text), "description": may(text), "roles": may(list(text)), "identity_class": may(text), "sectors": may(list(text)), "contact_information": may(text)}), // 4.5
		"note":           common(table{"abstract": may(text), "content": must(text), "authors": may(list(text)), "object_refs": must(list(described))}),                                                    // 4.13
		// The older objects, which object_refs excludes, are not known here.
		"observed-data": common(table{"first_observed": must(timestamp), "last_observed": must(timestamp), "number_observed": must(between(1, 999_999_999)), "object_refs": must(list(refTo(observable, relational)))}), // 4.14
		"report":        common(table{"name": must(text), "description": may(text), "report_types": may(list(text)), "published": must(timestamp), "object_refs": must(list(described))}),                               // 4.16
		"relationship": common(table{ // 5.1
			"relationship_type": must(typeName), "description": may(text), "source_ref": must(ends), "target_ref": must(ends),
			"start_time": may(timestamp), "stop_time": may(timestamp),
		}),
		"url": observed(table{"value": must(uri)}), // 6.15
		"user-account": observed(table{ // 6.16; credential is left out: it should not be shared
			"user_id": may(text), "account_login": may(text), "account_type": may(text), "display_name": may(text),
			"is_service_account": may(boolean), "is_privileged": may(boolean), "can_escalate_privs": may(boolean), "is_disabled": may(boolean),
			"account_created": may(timestamp), "account_expires": may(timestamp), "credential_last_changed": may(timestamp),
			"account_first_login": may(timestamp), "account_last_login": may(timestamp),
		}),
		markingType: { // 7.2.1: no modified, no confidence, no language
			"type": must(text), "spec_version": must(exactly(specVersion)), "id": must(text), "created_by_ref": may(refTo(identityType)),
			"created": must(millis), "external_references": may(list(external)), "object_marking_refs": may(list(refTo(markingType))),
			"name": may(text), "definition_type": must(exactly("tlp")), "definition": must(tlp),
		},
	}
}

// contributing are the properties that an observable's id is made of (sections 6.15 and 6.16).
var contributing = map[string][]string{
	"url":          {"value"},
	"user-account": {"account_type", "user_id", "account_login"},
}

// Relationships that the standard defines for the types here: those of attack patterns
// (section 4.1.2), and the common ones (section 3.7), of which two hold between objects of one
// type. Reports, notes, observed data and both observables have none of their own.
var targets = map[string]map[string][]string{
	"attack-pattern": {"targets": {identityType}},
}

var sameType = []string{"derived-from", "duplicate-of"}

const anyType = "related-to"

// levels are the marking-definitions of TLP, whose ids and times are fixed (section 7.2.1.4).
var levels = map[string]string{
	"white": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
	"green": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
	"amber": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
	"red":   "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}

const levelsCreated = "2017-01-20T00:00:00.000Z"
