package front

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"winnow/storage/embedded/chdb"
	"winnow/storage/embedded/front/answer"
	"winnow/storage/embedded/statement"
)

// maxStatement is how long a statement may be, in bytes; data of an insert in a
// format does not count.
const (
	maxStatement = 16 << 20
	// readerStatement is that of readers, and of ClickHouse by default (max_query_size).
	readerStatement = 256 << 10
)

// request is what a client asks for.
type request struct {
	user     User
	id       string
	sql      string
	format   string
	database string
	settings []string
	params   []chdb.Param
	// protocol is client_protocol_version.
	protocol int
	// insert is set when data follows, then to be read from data.
	insert *statement.Insert
	data   io.Reader
	// close frees what reads the body.
	close func()
	// frames asks for ClickHouse's own compressed frames in the answer.
	frames bool
	// encoding is that of the answer, for HTTP; empty for none.
	encoding string
}

func (h *Handler) parse(r *http.Request, user User) (*request, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, answer.Errorf(36, "BAD_ARGUMENTS", "the URL's parameters cannot be read")
	}
	req := &request{
		user:     user,
		id:       first(query.Get("query_id"), r.Header.Get("X-ClickHouse-Query-Id")),
		format:   first(query.Get("default_format"), r.Header.Get("X-ClickHouse-Format"), "TabSeparated"),
		database: first(query.Get("database"), r.Header.Get("X-ClickHouse-Database")),
		frames:   on(query.Get("compress")),
	}
	if !query.Has("enable_http_compression") || on(query.Get("enable_http_compression")) {
		req.encoding = answer.Encoding(r.Header.Values("Accept-Encoding"))
	}
	req.protocol, _ = strconv.Atoi(query.Get("client_protocol_version")) // none and nonsense alike: 0
	if len(req.id) > 128 || strings.ContainsFunc(req.id, func(c rune) bool { return c < ' ' || c > '~' }) {
		return nil, answer.Errorf(36, "BAD_ARGUMENTS", "query_id is too long or not plain text")
	}
	req.id = first(req.id, strings.ToLower(rand.Text()))
	if user.Reader && strings.EqualFold(req.database, "system") {
		return nil, answer.Errorf(497, "ACCESS_DENIED", "Not enough privileges: the system database")
	}
	if req.settings, req.params, err = h.readSettings(query, user); err != nil {
		return nil, err
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return nil, answer.Errorf(48, "NOT_IMPLEMENTED", "external tables are not supported by the embedded engine")
	}
	var body io.Reader
	if body, req.close, err = decodeBody(r, query); err != nil {
		return nil, err
	}
	if err := req.readStatement(query.Get("query"), body); err != nil {
		req.close()
		return nil, err
	}
	return req, nil
}

// readStatement joins the statement of the URL with the body, which carries the
// statement, the rest of it, or an insert's data.
func (req *request) readStatement(sql string, body io.Reader) error {
	if !req.user.Reader {
		if in, ok := statement.ParseInsert(sql); ok {
			req.insert, req.data = &in, io.MultiReader(strings.NewReader(sql[in.Data:]), body)
			return nil
		}
	}
	var head bytes.Buffer
	if sql != "" {
		head.WriteString(sql + "\n")
	}
	// An insert's data can be endless: look for it in the first part.
	if _, err := io.CopyN(&head, body, 64<<10); err != nil && !errors.Is(err, io.EOF) {
		return readError(err)
	}
	if in, ok := statement.ParseInsert(head.String()); ok && in.Format != "Values" && !req.user.Reader {
		req.insert, req.data = &in, io.MultiReader(bytes.NewReader(head.Bytes()[in.Data:]), body)
		req.insert.Into = strings.Clone(in.Into)
		return nil
	}
	longest := maxStatement
	if req.user.Reader {
		longest = readerStatement
	}
	if n := int64(longest - head.Len() + 1); n > 0 {
		if _, err := io.CopyN(&head, body, n); err != nil && !errors.Is(err, io.EOF) {
			return readError(err)
		}
	}
	if head.Len() > longest {
		return answer.Errorf(62, "SYNTAX_ERROR", "Max query size exceeded (%d bytes); send data as INSERT ... FORMAT", longest)
	}
	req.sql = strings.Trim(head.String(), " \t\n\v\f\r") // what ClickHouse takes for blank, and no more
	if req.sql == "" {
		return answer.Errorf(62, "SYNTAX_ERROR", "Syntax error: Empty query")
	}
	return nil
}

func readError(err error) error {
	return answer.Errorf(33, "CANNOT_READ_ALL_DATA", "cannot read the request's body: %s", err)
}

func on(value string) bool { return value == "1" || strings.EqualFold(value, "true") }

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
