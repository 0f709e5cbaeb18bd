package stix

// common are the properties that objects have in common (section 3.2). Observables have
// neither times, makers nor confidence.
type common struct {
	Type               string      `json:"type"`
	SpecVersion        string      `json:"spec_version"`
	ID                 string      `json:"id"`
	CreatedByRef       string      `json:"created_by_ref,omitempty"`
	Created            string      `json:"created,omitempty"`
	Modified           string      `json:"modified,omitempty"`
	Confidence         *int        `json:"confidence,omitempty"`
	Lang               string      `json:"lang,omitempty"`
	Labels             []string    `json:"labels,omitempty"`
	ExternalReferences []reference `json:"external_references,omitempty"`
	ObjectMarkingRefs  []string    `json:"object_marking_refs,omitempty"`
}

func (c *common) id() string { return c.ID }

// object is one of the structs below.
type object interface{ id() string }

// reference is an external reference (section 2.5).
type reference struct {
	SourceName  string `json:"source_name"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
	ExternalID  string `json:"external_id,omitempty"`
}

// bundle is section 8.
type bundle struct {
	Type    string   `json:"type"`
	ID      string   `json:"id"`
	Objects []object `json:"objects"`
}

// attackPattern is section 4.1.
type attackPattern struct {
	common
	Name        string `json:"name"`
	Description string `json:"description"`
}

// identity is section 4.5.
type identity struct {
	common
	Name          string `json:"name"`
	Description   string `json:"description"`
	IdentityClass string `json:"identity_class"`
}

// note is section 4.13.
type note struct {
	common
	Abstract   string   `json:"abstract"`
	Content    string   `json:"content"`
	ObjectRefs []string `json:"object_refs"`
}

// observedData is section 4.14.
type observedData struct {
	common
	FirstObserved  string   `json:"first_observed"`
	LastObserved   string   `json:"last_observed"`
	NumberObserved uint64   `json:"number_observed"`
	ObjectRefs     []string `json:"object_refs"`
}

// report is section 4.16.
type report struct {
	common
	Name        string   `json:"name"`
	Description string   `json:"description"`
	ReportTypes []string `json:"report_types"`
	Published   string   `json:"published"`
	ObjectRefs  []string `json:"object_refs"`
}

// relationship is section 5.1.
type relationship struct {
	common
	RelationshipType string `json:"relationship_type"`
	Description      string `json:"description"`
	SourceRef        string `json:"source_ref"`
	TargetRef        string `json:"target_ref"`
	StartTime        string `json:"start_time,omitempty"`
	StopTime         string `json:"stop_time,omitempty"`
}

// address is a url (section 6.15).
type address struct {
	common
	Value string `json:"value"`
}

// userAccount is section 6.16.
type userAccount struct {
	common
	UserID         string `json:"user_id,omitempty"`
	AccountLogin   string `json:"account_login,omitempty"`
	AccountType    string `json:"account_type"`
	DisplayName    string `json:"display_name,omitempty"`
	AccountCreated string `json:"account_created,omitempty"`
}

// marking is a marking-definition (section 7.2.1).
type marking struct {
	common
	DefinitionType string            `json:"definition_type"`
	Name           string            `json:"name"`
	Definition     map[string]string `json:"definition"`
}
