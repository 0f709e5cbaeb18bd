package problem

import (
	"encoding/json"
	"net/http"
	"strings"
)

// Type is the media type of a problem.
const Type = "application/problem+json"

// prefix is where programs ask; everything else is pages for people.
const prefix = "/api/"

// ForProgram says whether a request is to be answered for a program.
func ForProgram(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, prefix)
}

// Problem is what went wrong, as in RFC 9457, section 3.1. Its type is about:blank,
// so its title is that of the status.
type Problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail says in sentences what happened and what to do about it.
	Detail string `json:"detail"`
	// Parameters are the parameters of the query that are wrong, all of them.
	Parameters []Parameter `json:"parameters,omitempty"`
}

// Parameter is one parameter of the query and what is wrong with it.
type Parameter struct {
	Name   string `json:"name"`
	Detail string `json:"detail"`
}

// Write answers with a problem. It is no answer to keep.
func Write(w http.ResponseWriter, status int, detail string, parameters ...Parameter) {
	body, err := json.Marshal(Problem{Title: http.StatusText(status), Status: status, Detail: detail, Parameters: parameters})
	if err != nil { // strings and a number can always be written
		http.Error(w, detail, status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", Type)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A reader who left needs no answer.
	_, _ = w.Write(append(body, '\n'))
}

// Refuse answers a request that gets no further: a program by a problem, a person by
// the text.
func Refuse(w http.ResponseWriter, r *http.Request, status int, text string) {
	if ForProgram(r) {
		Write(w, status, strings.ReplaceAll(text, "\n", " "))
		return
	}
	http.Error(w, text, status)
}
