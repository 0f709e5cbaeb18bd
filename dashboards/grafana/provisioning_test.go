package grafana

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := fs.ReadFile(Files, name)
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// readLoosely reads the fields that it has a place for.
func readLoosely(t *testing.T, name string, into any) {
	t.Helper()
	text, err := fs.ReadFile(Files, name)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestDataSources(t *testing.T) {
	var file struct {
		APIVersion  int `yaml:"apiVersion"`
		Datasources []struct {
			Name, UID, Type, Access, URL string
			IsDefault                    bool              `yaml:"isDefault"`
			Editable                     *bool             `yaml:"editable"`
			JSONData                     map[string]any    `yaml:"jsonData"`
			SecureJSONData               map[string]string `yaml:"secureJsonData"`
		}
	}
	readYAML(t, "provisioning/datasources/winnow.yaml", &file)
	types := map[string]string{}
	for _, s := range file.Datasources {
		types[s.UID] = s.Type
		if s.Access != "proxy" || s.Editable == nil || *s.Editable {
			t.Errorf("data source %s: access must be proxy and editable false", s.UID)
		}
		for key, value := range s.SecureJSONData {
			if !strings.HasPrefix(value, "$__file{/run/secrets/") {
				t.Errorf("data source %s: %s must come from a secret's file", s.UID, key)
			}
		}
		if s.UID == "clickhouse" {
			if s.JSONData["protocol"] != "http" || s.JSONData["port"] != 8123 {
				t.Errorf("data source %s: want HTTP on port 8123, got %v on %v", s.UID, s.JSONData["protocol"], s.JSONData["port"])
			}
			if s.SecureJSONData["password"] == "" {
				t.Errorf("data source %s has no password", s.UID)
			}
		}
	}
	for name, d := range dashboards(t) {
		for _, p := range d.panels() {
			if types[p.Datasource.UID] != p.Datasource.Type || p.Datasource.Type == "" {
				t.Errorf("%s: panel %q names a data source that is not provisioned: %+v", name, p.Title, p.Datasource)
			}
		}
	}
}

func TestDashboardProvider(t *testing.T) {
	var file struct {
		APIVersion int `yaml:"apiVersion"`
		Providers  []struct {
			Name, Folder, Type    string
			DisableDeletion       bool `yaml:"disableDeletion"`
			AllowUIUpdates        bool `yaml:"allowUiUpdates"`
			UpdateIntervalSeconds int  `yaml:"updateIntervalSeconds"`
			Options               struct {
				Path                      string
				FoldersFromFilesStructure bool `yaml:"foldersFromFilesStructure"`
			}
		}
	}
	readYAML(t, "provisioning/dashboards/winnow.yaml", &file)
	if len(file.Providers) != 1 {
		t.Fatalf("got %d providers, want 1", len(file.Providers))
	}
	p := file.Providers[0]
	if !p.DisableDeletion || p.AllowUIUpdates || p.Type != "file" || p.Options.Path != "/etc/grafana/dashboards" {
		t.Errorf("provider = %+v, want files that the browser can neither change nor delete", p)
	}
}
