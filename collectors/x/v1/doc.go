// Package v1 reads what X says in the language of its v1.1 interface, whose
// model is go-twitter's twitter.Tweet: statuses, deletions and the notices of
// a stream.
//
// It owns the translation into the words of package post, by the rules of
// package x. It opens no connection and knows no files.
package v1
