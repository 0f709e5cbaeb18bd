// Package window reads which stretch of time a page is to show, and in which
// steps.
//
// It owns the ranges on offer, what people may type, and the bounds that keep a
// page readable. It never fails: what it cannot use it replaces, and says so in
// [Window.Notices].
//
// It does not ask the store; [Window.Fill] lays what the store answered into
// the buckets.
package window
