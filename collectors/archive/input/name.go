package input

import (
	"path/filepath"
	"strings"
)

// Name is the name by which an archive is spoken of.
func Name(path string) string {
	if path == "-" {
		return "stdin"
	}
	return filepath.Base(path)
}

// Stem takes the extensions of archives off a file name, and nothing else:
// "x_v1.1_june.jsonl.gz" is "x_v1.1_june".
func Stem(name string) string {
	s := name
	for {
		ext := filepath.Ext(s)
		switch strings.ToLower(ext) {
		case ".gz", ".gzip", ".zst", ".zstd", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson":
			if len(ext) < len(s) {
				s = strings.TrimSuffix(s, ext)
				continue
			}
		}
		return s
	}
}
