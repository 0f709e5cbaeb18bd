// Package link decides when two web links lead to the same page.
//
// It owns the canonical form of a link, by which links are compared: hosts,
// international names, paths, the parameters that only track readers,
// redirectors, and sites where one page has several addresses. It also tells
// where a link starts and ends in a text.
//
// It works on strings alone: it asks no server where a link leads, and does not
// know what a post is.
package link
