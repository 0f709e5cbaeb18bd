// Package guard stands in front of all pages and decides who may ask.
//
// It owns which Host names are answered, which requests from other sites are
// refused, and the headers that tell a browser what a page may load. There is
// no log-in: being able to reach the desk is the permission to read it.
//
// It knows no page, and what it lets through is not its own.
package guard
