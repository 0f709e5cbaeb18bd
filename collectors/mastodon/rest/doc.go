// Package rest asks servers with Mastodon's interface for timelines, statuses
// and who boosted them, with go-mastodon's client.
//
// It owns how often may be asked: its own limits stay below those of a server,
// and what servers say of theirs is obeyed. A refusal is a *collectors.Fault at
// once; go-mastodon by itself would wait up to an hour inside a call. Answers
// are read item by item, so that one odd status costs no page.
//
// It does not know which pages are needed: package instance does.
package rest
