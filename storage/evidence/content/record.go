package content

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"winnow/storage/evidence/chain"
)

// Record is a post as it was received.
type Record struct {
	Platform string `json:"platform"`
	// PostID is the post's own id, the same wherever it is seen; NativeID what the
	// source calls it.
	PostID    string `json:"post_id"`
	NativeID  string `json:"native_id,omitempty"`
	AccountID string `json:"account_id"`
	// Source is the collector, as the log names it; Version that of Winnow; Query what
	// the collector asked its platform for.
	Source  string `json:"source"`
	Version string `json:"version"`
	Query   string `json:"query,omitempty"`
	// ReceivedAt is by the clock of this machine, whose state is Clock.
	ReceivedAt time.Time `json:"received_at"`
	Clock      Clock     `json:"clock"`
	// Raw is the post, byte by byte as it came.
	Raw []byte `json:"raw"`
}

// Clock is what the system said of its clock when a record came.
type Clock struct {
	// Known is false where the system does not say.
	Known bool `json:"known"`
	// Synchronised is whether something keeps the clock right.
	Synchronised bool `json:"synchronised"`
	// MaxError and EstError are the largest and the estimated error, in nanoseconds.
	MaxError time.Duration `json:"max_error_ns"`
	EstError time.Duration `json:"est_error_ns"`
}

// errSpoilt is what JSON could not give back.
var errSpoilt = errors.New("a field is no valid UTF-8")

// JSON is the one line that is committed to, without a line feed.
func (r Record) JSON() ([]byte, error) {
	for _, text := range []string{r.Platform, r.PostID, r.NativeID, r.AccountID, r.Source, r.Version, r.Query} {
		if !utf8.ValidString(text) {
			return nil, errSpoilt
		}
	}
	r.ReceivedAt = r.ReceivedAt.UTC()
	if y := r.ReceivedAt.Year(); y < 0 || y > 9999 {
		return nil, fmt.Errorf("the year %d cannot be written", y)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // for who reads it; nothing here is a page
	if err := e.Encode(r); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Parse reads the line that [Record.JSON] writes. Members that it does not know are
// passed over: a later Winnow may have written them.
func Parse(line []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(line, &r); err != nil {
		return Record{}, fmt.Errorf("no record: %w", err)
	}
	return r, nil
}

// Salt is what makes a commitment say nothing of its record.
type Salt [32]byte

// String writes the salt as 64 small hexadecimal digits.
func (s Salt) String() string { return chain.Hash(s).String() }

// Commit is the commitment to a record's line.
func Commit(salt Salt, line []byte) chain.Hash { return chain.Of(Proof(salt, line)) }

// Proof is the text that a commitment is the hash of: a file with it is all that is
// needed to show what a line of the chain stands for.
func Proof(salt Salt, line []byte) []byte { return fmt.Appendf(nil, "%s\n%s\n", salt, line) }

// ParseProof reads what [Proof] writes, and nothing else.
func ParseProof(text []byte) (Salt, []byte, error) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	line, after, ended := bytes.Cut(rest, []byte("\n"))
	salt, err := chain.ParseHash(string(first))
	if err != nil || !ended || len(after) > 0 {
		return Salt{}, nil, errors.New("a record is handed on as two lines, its salt and itself")
	}
	return Salt(salt), line, nil
}

// PostID reads the id of a record's post without the rest of it.
func PostID(line []byte) (string, bool) {
	// Within a text of JSON its quotes would have a backslash before them.
	_, after, ok := bytes.Cut(line, []byte(`"post_id":`))
	if !ok {
		return "", false
	}
	var id string
	if err := json.NewDecoder(bytes.NewReader(after)).Decode(&id); err != nil {
		return "", false
	}
	return id, true
}
