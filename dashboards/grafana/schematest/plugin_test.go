package schematest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
)

// storeQuery is what the plugin grafana-clickhouse-datasource reads of a query in SQL:
// CHSqlQuery in its src/types/sql.ts on top of Grafana's DataQuery.
type storeQuery struct {
	RefID      string `json:"refId"`
	Hide       bool   `json:"hide"`
	Key        string `json:"key"`
	Datasource struct {
		Type string `json:"type"`
		UID  string `json:"uid"`
	} `json:"datasource"`
	PluginVersion string `json:"pluginVersion"`
	EditorType    string `json:"editorType"`
	QueryType     string `json:"queryType"`
	Format        *int   `json:"format"`
	RawSQL        string `json:"rawSql"`
	Expand        bool   `json:"expand"`
	Meta          struct {
		Timezone string `json:"timezone"`
	} `json:"meta"`
}

func (storeQuery) ImplementsDataqueryVariant()      {}
func (storeQuery) Equals(_ variants.Dataquery) bool { return false }
func (storeQuery) DataqueryType() string            { return "grafana-clickhouse-datasource" }

// Validate reports what the plugin needs and the types cannot tell.
func (q storeQuery) Validate() error {
	var wrong []error
	if q.EditorType != "sql" {
		wrong = append(wrong, fmt.Errorf("editorType is %q, want sql", q.EditorType))
	}
	if q.QueryType != "table" && q.QueryType != "timeseries" {
		wrong = append(wrong, fmt.Errorf("queryType is %q, want table or timeseries", q.QueryType))
	}
	if q.Format == nil {
		wrong = append(wrong, errors.New("format is missing"))
	}
	if q.RawSQL == "" {
		wrong = append(wrong, errors.New("rawSql is missing"))
	}
	return errors.Join(wrong...)
}

// readStoreQuery decodes a query and refuses what the plugin does not know.
func readStoreQuery(raw []byte) (variants.Dataquery, error) {
	var q storeQuery
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q); err != nil {
		return nil, err
	}
	return q, q.Validate()
}
