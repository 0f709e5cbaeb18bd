package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// column is one of the columns that Winnow knows.
type column int

// The columns. Their names are the fields of the table below.
const (
	colContentID column = iota
	colAccountID
	colTime
	colCampaign
	colObject
	colIsRepost
	colRepostOf
	colReplyTo
	colTags
	colLinks
	colText
	colPlatform
	colHandle
	colLang
	colFollowers
	colCreated
	colLikes
	colReposts
	colReplies
	colQuotes
	colViews
	colMentions
	columnCount
)

// required is the number of columns that a table must have, the first ones.
const required = 3

var columnNames = [columnCount]string{
	colContentID: "content_id",
	colAccountID: "account_id",
	colTime:      "timestamp_share",
	colCampaign:  "campaign",
	colObject:    "object_id",
	colIsRepost:  "is_retweet",
	colRepostOf:  "retweet_of",
	colReplyTo:   "reply_to",
	colTags:      "hashtags",
	colLinks:     "urls",
	colText:      "text",
	colPlatform:  "platform",
	colHandle:    "handle",
	colLang:      "lang",
	colFollowers: "followers",
	colCreated:   "account_created_at",
	colLikes:     "likes",
	colReposts:   "reposts",
	colReplies:   "replies",
	colQuotes:    "quotes",
	colViews:     "views",
	colMentions:  "mentions",
}

// ColumnNames returns our names of the columns of a table, the three that must
// be there first: content_id, account_id and timestamp_share.
func ColumnNames() []string { return slices.Clone(columnNames[:]) }

// ColumnsError says what a table lacks.
type ColumnsError struct {
	// Missing are the columns that must be there and are not, by our names.
	Missing []string
	// NotInFile are columns that were mapped to names that the header has not,
	// as "ours=theirs".
	NotInFile []string
	// Unknown are names that were mapped and are none of ours.
	Unknown []string
	// Header is what the file has.
	Header []string
}

// Error implements error.
func (e *ColumnsError) Error() string {
	var parts []string
	if len(e.Missing) > 0 {
		parts = append(parts, "the table has no column "+strings.Join(e.Missing, ", "))
	}
	if len(e.NotInFile) > 0 {
		parts = append(parts, "its header has nothing for "+strings.Join(e.NotInFile, ", "))
	}
	if len(e.Unknown) > 0 {
		parts = append(parts, fmt.Sprintf("%s: no column that Winnow knows (it knows %s)",
			strings.Join(e.Unknown, ", "), strings.Join(columnNames[:], ", ")))
	}
	next := "say which column is which with --columns ours=theirs,…"
	if len(e.Missing) > 0 {
		next = "say which column is which with --columns " + e.Missing[0] + "=NAME,…"
	}
	return fmt.Sprintf("%s; its header is: %s; %s", strings.Join(parts, "; "), shownHeader(e.Header), next)
}

// shownHeader keeps an error readable when the first line is no header at all.
func shownHeader(header []string) string {
	const most = 30
	var out []string
	for i, h := range header {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(header)-most))
			break
		}
		if len(h) > 40 {
			cut := 40
			for !utf8.RuneStart(h[cut]) {
				cut--
			}
			h = h[:cut] + "…"
		}
		out = append(out, fmt.Sprintf("%q", h))
	}
	return strings.Join(out, ", ")
}

// Table is how the rows of a table are to be read, as its header says.
type Table struct {
	delim byte
	width int
	// at is the place of each column, -1 if the table lacks it.
	at [columnCount]int
}

// New reads a header, the table's first line; mapped gives our columns other
// names than ours. Names are compared without case and without blanks around
// them; of two equal ones the first counts. The error is a *ColumnsError, or a
// *wire.Reject if the line is no row.
func New(header []byte, mapped map[string]string) (*Table, error) {
	t := &Table{delim: delimiter(header)}
	f := fields{delim: t.delim}
	names, err := f.split(header)
	if err != nil {
		return nil, err
	}
	t.width = len(names)
	at := make(map[string]int, len(names))
	for i, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		if _, ok := at[n]; !ok {
			at[n] = i
		}
	}
	e := &ColumnsError{Header: slices.Clone(names)}
	for c, name := range columnNames {
		theirs, isMapped := mapped[name]
		if !isMapped {
			theirs = name
		}
		i, ok := at[strings.ToLower(strings.TrimSpace(theirs))]
		switch {
		case ok:
			t.at[c] = i
			continue
		case isMapped:
			e.NotInFile = append(e.NotInFile, name+"="+theirs)
		case c < required:
			e.Missing = append(e.Missing, name)
		}
		t.at[c] = -1
	}
	for name := range mapped {
		if !slices.Contains(columnNames[:], name) {
			e.Unknown = append(e.Unknown, name)
		}
	}
	slices.Sort(e.Unknown)
	if len(e.Missing)+len(e.NotInFile)+len(e.Unknown) > 0 {
		return nil, e
	}
	return t, nil
}

// Delim is what divides the fields of the table's rows.
func (t *Table) Delim() byte { return t.delim }

// delimiter guesses what divides the fields: of comma, semicolon and tab the
// one that stands most often in the header, the comma if none does.
func delimiter(header []byte) byte {
	best, most := byte(','), 0
	for _, d := range []byte{',', ';', '\t'} {
		if n := strings.Count(string(header), string(rune(d))); n > most {
			best, most = d, n
		}
	}
	return best
}
