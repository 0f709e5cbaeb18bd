package answer

import (
	"errors"
	"fmt"
	"net/http"

	"winnow/storage/embedded/chdb"
	"winnow/storage/embedded/statement"
)

// Failure is an error on its way to the client, as ClickHouse names and numbers it.
type Failure struct {
	code    int
	name    string
	message string
}

// Error is the text that ClickHouse would send.
func (f *Failure) Error() string {
	return fmt.Sprintf("Code: %d. DB::Exception: %s (%s)", f.code, f.message, f.name)
}

// Errorf makes a failure with ClickHouse's code and name; the text gets its full
// stop here.
func Errorf(code int, name, format string, args ...any) *Failure {
	return &Failure{code: code, name: name, message: fmt.Sprintf(format, args...) + "."}
}

// describe reads the code and the text to send out of an error.
func describe(err error) (code int, text string) {
	var f *Failure
	var e *chdb.Error
	var s *statement.Error
	switch {
	case errors.As(err, &f):
		return f.code, f.Error()
	case errors.As(err, &s):
		return s.Code, s.Error()
	case errors.As(err, &e):
		return e.Code, e.Error()
	}
	return 1001, fmt.Sprintf("Code: 1001. DB::Exception: %s (STD_EXCEPTION)", err)
}

// status is the HTTP status that a ClickHouse server gives an error.
func status(code int) int {
	switch code {
	case 194: // REQUIRED_PASSWORD
		return http.StatusUnauthorized
	case 192, 193, 516, 497: // UNKNOWN_USER, WRONG_PASSWORD, AUTHENTICATION_FAILED, ACCESS_DENIED
		return http.StatusForbidden
	case 6, 26, 27, 36, 38, 41, 43, 44, 53, 62, 69, 72, 117, 131, 427, 457:
		// Texts that do not parse, arguments and types that do not fit.
		return http.StatusBadRequest
	case 46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336:
		// UNKNOWN_FUNCTION, _IDENTIFIER, _TYPE, _STORAGE, _TABLE, _AGGREGATE_FUNCTION,
		// _FORMAT, _TYPE_OF_QUERY, _DATABASE, _SETTING, _DATABASE_ENGINE.
		return http.StatusNotFound
	case 159: // TIMEOUT_EXCEEDED
		return http.StatusRequestTimeout
	case 48: // NOT_IMPLEMENTED
		return http.StatusNotImplemented
	case 161, 229, 307: // too large a query
		return http.StatusRequestEntityTooLarge
	case 202, 439, 209: // TOO_MANY_SIMULTANEOUS_QUERIES, CANNOT_SCHEDULE_TASK, SOCKET_TIMEOUT
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
