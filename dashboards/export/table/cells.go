package table

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// cells is a row of a CSV file.
type cells []string

func (c *cells) texts(all ...string) {
	for _, s := range all {
		*c = append(*c, harmless(s))
	}
}

func (c *cells) list(all []string, between string) { c.texts(strings.Join(all, between)) }

func (c *cells) whole(n int64) { *c = append(*c, strconv.FormatInt(n, 10)) }

// count writes a number; nil is not known.
func (c *cells) count(n *uint64) {
	s := ""
	if n != nil {
		s = strconv.FormatUint(*n, 10)
	}
	*c = append(*c, s)
}

func (c *cells) float(x float64) { *c = append(*c, strconv.FormatFloat(x, 'g', -1, 64)) }

func (c *cells) truth(b bool) { *c = append(*c, strconv.FormatBool(b)) }

// time writes a time in UTC to the millisecond; nil is not known.
func (c *cells) time(t *time.Time) {
	s := ""
	if t != nil {
		s = t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	*c = append(*c, s)
}

// formulaBegins are the characters that a spreadsheet takes a cell for a formula by, or
// skips before it looks (https://owasp.org/www-community/attacks/CSV_Injection), their
// wide forms, which Japanese versions take the same way, and the apostrophe, so that one
// can be taken off again.
const formulaBegins = "=+-@\t\r\n'＝＋－＠"

// harmless puts an apostrophe before a text that a spreadsheet could compute.
func harmless(s string) string {
	s = strings.ReplaceAll(s, "\x00", "\ufffd")
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune(formulaBegins, first) {
		return "'" + s
	}
	return s
}
