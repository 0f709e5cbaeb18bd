// Package endpoint makes handlers of what answers the requests of the JSON API.
//
// It owns who is let through (those who may read, for reading only), for how long an answer
// may take, that it is whole or an error, that nothing is kept in a cache, and how errors
// are told: a query that is not understood, what is missing, a store that does not answer.
//
// What is answered is package api's, how a problem is written package problem's.
package endpoint
