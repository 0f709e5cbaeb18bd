package front

import (
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"winnow/storage/embedded/front/answer"
)

// maxWindow is how far back a body in zstd may refer, in bytes: what the format's
// specification asks every decoder to bear (RFC 9659).
const maxWindow = 8 << 20

// decodeBody takes the transport's compression off the body, then ClickHouse's.
// What close frees must not be used any more afterwards.
func decodeBody(r *http.Request, query url.Values) (body io.Reader, closeBody func(), err error) {
	body, closeBody = r.Body, func() {}
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		body, err = gzip.NewReader(body)
	case "deflate":
		body, err = zlib.NewReader(body)
	case "br":
		body = brotli.NewReader(body)
	case "zstd":
		var z *zstd.Decoder
		if z, err = zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow)); err == nil {
			body, closeBody = z, z.Close
		}
	default:
		return nil, nil, answer.Errorf(48, "NOT_IMPLEMENTED", "Content-Encoding %q is not supported, use gzip, zstd, br or deflate", encoding)
	}
	if err != nil {
		return nil, nil, readError(err)
	}
	if on(query.Get("decompress")) {
		body = &frames{r: compress.NewReader(body)}
	}
	return body, closeBody, nil
}

// frames reads ClickHouse's own compressed frames. Their reader wraps the end of
// the input and, asked again after it, gives the last frame once more.
type frames struct {
	r   io.Reader
	err error
}

func (f *frames) Read(p []byte) (n int, err error) {
	if f.err != nil {
		return 0, f.err
	}
	if n, err = f.r.Read(p); errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	f.err = err
	return n, err
}
