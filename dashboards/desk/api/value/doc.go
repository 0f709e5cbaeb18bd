// Package value is how the JSON API writes values: times as RFC 3339 in UTC, lists never
// null, and null for what is not known, which is never 0; and how it cuts lists into parts.
//
// It owns nothing of what the values mean: their names are those of packages shape and
// evidence.
package value
