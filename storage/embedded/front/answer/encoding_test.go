package answer

import "testing"

func TestEncoding(t *testing.T) {
	for accept, want := range map[string]string{
		"":                              "",
		"identity":                      "",
		"gzip":                          "gzip",
		"GZip":                          "gzip",
		"deflate, gzip, br, zstd":       "zstd",
		"deflate, gzip;q=1.0, *;q=0.5":  "gzip",
		"br;q=0.9, gzip; q=0.1":         "br",
		"gzip;q=0":                      "",
		"gzip;q=0.000, br":              "br",
		"gzip;q=much, br;q=NaN":         "",
		"compress, x-gzip, lz4, snappy": "",
	} {
		if got := Encoding([]string{accept}); got != want {
			t.Errorf("%q: got %q, want %q", accept, got, want)
		}
	}
	if got := Encoding([]string{"br", "gzip"}); got != "gzip" {
		t.Errorf("two headers: got %q", got)
	}
}
