// Package problem tells programs what went wrong with a request, as RFC 9457 has it.
//
// It owns the form of the answer and its headers. What went wrong is for those who
// call it: package guard, package access and the JSON API.
package problem
