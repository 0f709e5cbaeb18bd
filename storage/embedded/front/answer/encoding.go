package answer

import (
	"compress/gzip"
	"compress/zlib"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encodings are those a body can come in, the one that costs least for what it
// saves first.
var encodings = []string{"zstd", "gzip", "br", "deflate"}

// Encoding picks one that a client takes by its Accept-Encoding headers, empty
// for none: the one it likes best (RFC 9110, 12.5.3), then the cheapest.
func Encoding(accept []string) (best string) {
	liking := make(map[string]float64)
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, params, _ := strings.Cut(entry, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		q := 1.0
		if value, ok := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(value, 64); err != nil {
				continue
			}
		}
		if slices.Contains(encodings, name) {
			liking[name] = q
		}
	}
	for _, name := range encodings {
		if liking[name] > 0 && (best == "" || liking[name] > liking[best]) {
			best = name
		}
	}
	return best
}

// newEncoder wraps w in an encoding that Encoding picked; nil for none.
func newEncoder(encoding string, w io.Writer) io.WriteCloser {
	switch encoding {
	case "gzip":
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // fails only for levels that do not exist, here and below
		return z
	case "deflate":
		z, _ := zlib.NewWriterLevel(w, zlib.BestSpeed)
		return z
	case "br":
		return brotli.NewWriterLevel(w, brotli.BestSpeed)
	case "zstd":
		z, _ := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
		return z
	}
	return nil
}
