package deploy

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// usersFile is the part of users.d/winnow.xml that the tests look at.
type usersFile struct {
	Profiles struct {
		Reader struct {
			Readonly         int `xml:"readonly"`
			MaxExecutionTime int `xml:"max_execution_time"`
			MaxMemoryUsage   int `xml:"max_memory_usage"`
			Constraints      struct {
				MaxExecutionTime struct {
					Min        int       `xml:"min"`
					Max        int       `xml:"max"`
					Changeable *struct{} `xml:"changeable_in_readonly"`
				} `xml:"max_execution_time"`
			} `xml:"constraints"`
		} `xml:"winnow_reader"`
	} `xml:"profiles"`
	Users struct {
		Default struct {
			Remove string `xml:"remove,attr"`
		} `xml:"default"`
		Winnow  user `xml:"winnow"`
		Grafana user `xml:"grafana"`
	} `xml:"users"`
}

type user struct {
	Password struct {
		FromEnv string `xml:"from_env,attr"`
	} `xml:"password_sha256_hex"`
	Profile string   `xml:"profile"`
	Grants  []string `xml:"grants>query"`
}

func readXML(t *testing.T, name string, into any) {
	t.Helper()
	if err := xml.Unmarshal([]byte(read(t, name)), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestGrafanaCanOnlyRead(t *testing.T) {
	var file usersFile
	readXML(t, "clickhouse/users.d/winnow.xml", &file)

	reader := file.Profiles.Reader
	if reader.Readonly != 1 {
		t.Errorf("readonly = %d, want 1: 2 would let any setting change", reader.Readonly)
	}
	limit := reader.Constraints.MaxExecutionTime
	if limit.Changeable == nil {
		t.Error("max_execution_time cannot change: every query of Grafana would fail")
	}
	if limit.Min < 1 || limit.Max < limit.Min || reader.MaxExecutionTime < limit.Min || reader.MaxExecutionTime > limit.Max {
		t.Errorf("execution time %d outside %d to %d seconds, or unlimited", reader.MaxExecutionTime, limit.Min, limit.Max)
	}
	if reader.MaxMemoryUsage == 0 {
		t.Error("a reader's query may take all memory")
	}
	if file.Users.Default.Remove == "" {
		t.Error("the default user, who has no password, is still there")
	}
	grafana := file.Users.Grafana
	if grafana.Profile != "winnow_reader" || !slices.Equal(grafana.Grants, []string{"GRANT SELECT ON winnow.*"}) {
		t.Errorf("grafana has profile %q and grants %q", grafana.Profile, grafana.Grants)
	}
	start := read(t, "clickhouse/start.sh")
	for _, env := range []string{file.Users.Winnow.Password.FromEnv, grafana.Password.FromEnv} {
		if env == "" || !strings.Contains(start, "\n"+env+"=$(hash ") {
			t.Errorf("start.sh does not set %q", env)
		}
	}
	if file.Users.Winnow.Password.FromEnv == grafana.Password.FromEnv {
		t.Error("both users have the same password")
	}

	var sources struct {
		Datasources []struct {
			UID      string
			JSONData struct {
				Username, Host  string
				DefaultDatabase string `yaml:"defaultDatabase"`
				QueryTimeout    string `yaml:"queryTimeout"`
			} `yaml:"jsonData"`
		}
	}
	const provisioning = "dashboards/grafana/provisioning/datasources/winnow.yaml"
	if err := yaml.Unmarshal([]byte(read(t, root, provisioning)), &sources); err != nil {
		t.Fatalf("%s: %v", provisioning, err)
	}
	source := sources.Datasources[0]
	if source.UID != "clickhouse" || source.JSONData.Username != "grafana" || source.JSONData.Host != "clickhouse" {
		t.Errorf("Grafana's data source is %+v, want the user grafana on host clickhouse", source)
	}
	timeout, err := strconv.Atoi(source.JSONData.QueryTimeout)
	// The client asks for five seconds more than its own deadline.
	if err != nil || timeout+5 > limit.Max {
		t.Errorf("Grafana asks for %q seconds, the server allows %d", source.JSONData.QueryTimeout, limit.Max)
	}
}

func TestServerSettings(t *testing.T) {
	var file struct {
		DefaultDatabase string `xml:"default_database"`
		MaxMemory       int64  `xml:"max_server_memory_usage"`
		Replace         bool   `xml:"access_control_improvements>settings_constraints_replace_previous"`
		CrashReports    bool   `xml:"send_crash_reports>enabled"`
	}
	readXML(t, "clickhouse/config.d/winnow.xml", &file)
	if file.DefaultDatabase != "winnow" {
		t.Errorf("database made at the first start is %q, want winnow", file.DefaultDatabase)
	}
	if !file.Replace {
		t.Error("changeable_in_readonly has no effect without settings_constraints_replace_previous")
	}
	if file.CrashReports {
		t.Error("the server reports its crashes to others")
	}
	if limit := int64(stack(t, nil).Services["clickhouse"].MemLimit); file.MaxMemory <= 0 || file.MaxMemory >= limit {
		t.Errorf("server memory %d must stay below the container's %d", file.MaxMemory, limit)
	}
}
