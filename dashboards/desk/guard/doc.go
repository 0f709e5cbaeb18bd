// Package guard stands in front of all pages and decides who may ask.
//
// It owns which Host names are answered, which requests from other sites are
// refused, which paths take a POST, and the headers that tell a browser what a page
// may load. Who is logged in is for package access, behind it.
//
// It knows no page, and what it lets through is not its own.
package guard
