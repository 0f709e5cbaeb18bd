// Package v2 reads what X says in the language of its v2 interface: posts as
// the filtered stream sends them, pages of a search as twarc2 stores them, and
// single posts as "twarc2 flatten" writes them.
//
// It owns the model of a page, as far as it matters here, and the translation
// into the words of package post, by the rules of package x. It opens no
// connection and knows no files.
package v2
