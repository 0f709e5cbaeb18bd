// Package user knows who may open the desk: names, roles and passwords.
//
// It owns the file of users, what a role may do, which passwords are too weak,
// and how they are hashed. The file has one line a user, "name role hash"; package
// private keeps it.
//
// A password is kept as its argon2id hash alone. It is compared in Unicode's form
// NFC, since keyboards differ in how they compose a letter.
//
// It knows nothing of sessions and requests: package access does.
package user
