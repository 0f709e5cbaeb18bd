package archive

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Records that hold a name are taken out, however they are written, and the rest stays.
func TestForgetRejects(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.rejects.jsonl")
	lines := []string{
		`{"record":1,"line":1,"reason":"no-id","raw":"{\"name\":\"someb\u00f6dy\"}","bytes":20}`,
		`{"record":2,"line":2,"reason":"no-id","raw":"{\"name\":\"another\"}","bytes":21}`,
		`{"record":3,"line":3,"reason":"bad-utf8","raw":"/3NvbWVib2R5","encoding":"base64","bytes":22}`, // \xffsomebody
		`{"record":4,"line":4,"reason":"no-id","raw":"{\"name\":\"\\u0073omebody \\ud83d\\ude00 \\/\"}","bytes":23}`,
		`{"record":5,"line":5,"reason":"no-id","detail":"somebody","bytes":24}`,
		`{"record":6,"line":6,"reason":"no-id","raw":"half of it, some`,
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	match := func(s string) bool { return strings.Contains(s, "somebody") || strings.Contains(s, "somebödy") }
	n, err := ForgetRejects(dir, match)
	if err != nil || n != 4 {
		t.Errorf("%d records, %v", n, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(string(text), "\n")
	if len(got) != len(lines) {
		t.Fatalf("%d lines:\n%s", len(got), text)
	}
	for i, want := range lines {
		if kept := i == 1 || i == 5; kept != (got[i] == want) {
			t.Errorf("line %d became %s", i+1, got[i])
		}
		var l rejectLine
		if i < 5 && (json.Unmarshal([]byte(got[i]), &l) != nil || l.Record != int64(i+1) || l.Reason == "" || l.Bytes != int64(20+i)) {
			t.Errorf("line %d does not tell what was rejected any more: %s", i+1, got[i])
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if n, err := ForgetRejects(dir, match); n != 0 || err != nil {
		t.Errorf("once more: %d, %v", n, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%v are there, %v", files, err)
	}
	if n, err := ForgetRejects(filepath.Join(dir, "missing"), match); n != 0 || err != nil {
		t.Errorf("no folder: %d, %v", n, err)
	}
}
