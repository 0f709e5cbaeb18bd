// Package view is what people ask of the store: the totals of campaigns, a
// campaign over time, its audience and shares in a span, findings with their
// evidence and what people said of them, which other findings share accounts with
// one, what joins its accounts and in which second its posts came, what pile-ons
// did to people, when a campaign's volume changed and what with
// it, how much of it was seen and where the gaps are, and statements of their own.
//
// It owns these questions (queries/*.sql, one a file) and the shapes of their
// answers. It writes nothing and reads nothing for the pipeline (package
// storage does both, and opens the connection), and does not say how an answer
// is shown (package desk does).
package view
