package statement

import "fmt"

// Error is a refusal in ClickHouse's shape.
type Error struct {
	// Code and Name are ClickHouse's number and name for it.
	Code    int
	Name    string
	Message string
}

// Error is the text as a ClickHouse server sends it.
func (e *Error) Error() string {
	return fmt.Sprintf("Code: %d. DB::Exception: %s. (%s)", e.Code, e.Message, e.Name)
}

func syntaxError(message string) *Error {
	return &Error{Code: 62, Name: "SYNTAX_ERROR", Message: "Syntax error: " + message}
}

func denied(format string, args ...any) *Error {
	return &Error{Code: 497, Name: "ACCESS_DENIED", Message: "Not enough privileges: " + fmt.Sprintf(format, args...)}
}

func readOnly(what string) *Error {
	return &Error{Code: 164, Name: "READONLY", Message: "Cannot execute query in readonly mode: " + what}
}
