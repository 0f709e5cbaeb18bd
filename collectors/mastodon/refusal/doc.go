// Package refusal knows the words in which servers with Mastodon's interface
// refuse, and what an operator can do about each.
//
// It owns the advice, and nothing that has to be asked or waited for.
package refusal
