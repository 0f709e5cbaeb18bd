// Package outbox holds what a source brought until the log has it.
//
// It owns the bounded buffer, the batches that are made of it, and the attempts
// to get each into the log, in order, with the account that covers exactly its
// posts. It does not know where posts come from; the account is package
// ledger's.
package outbox
