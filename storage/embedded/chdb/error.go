package chdb

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ErrConnect is returned when the engine refuses a connection. The C interface
// gives no reason; on a first connection it is most often a data directory that
// another process holds, on later ones a setting with a value that does not fit.
var ErrConnect = errors.New("engine refused the connection")

// Error is an error of the engine.
type Error struct {
	// Code is ClickHouse's number for it, 0 when the engine named none.
	Code int
	// Name is ClickHouse's name for it, such as "UNKNOWN_TABLE", or empty.
	Name string
	// Message is the text between the two.
	Message string
}

// Error is the text as a ClickHouse server sends it.
func (e *Error) Error() string {
	if e.Name == "" {
		return fmt.Sprintf("Code: %d. DB::Exception: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("Code: %d. DB::Exception: %s (%s)", e.Code, e.Message, e.Name)
}

var (
	errorHead = regexp.MustCompile(`^Code: (\d+)\. DB::(?:[A-Za-z]+)?Exception: `)
	errorTail = regexp.MustCompile(`(?s)^(.*?)\s*\(([A-Z][A-Z0-9_]+)\)(?: \(version [^()]*(?:\([^()]*\))?\))?\.?\s*$`)
)

// parseError reads the engine's words.
func parseError(text string) *Error {
	e := &Error{Code: 1001, Name: "STD_EXCEPTION", Message: strings.TrimSpace(text)}
	// One error may be wrapped in another with the same code: the innermost says it.
	for {
		m := errorHead.FindStringSubmatch(e.Message)
		if m == nil {
			return e
		}
		e.Code, _ = strconv.Atoi(m[1]) // digits only; too long a number gives 0 or a wrong code, never a panic
		e.Name = ""
		e.Message = e.Message[len(m[0]):]
		if t := errorTail.FindStringSubmatch(e.Message); t != nil {
			e.Message, e.Name = t[1], t[2]
		}
	}
}
