// Package backup is the form of a backup: one file that holds a data directory.
//
// It is a tar archive in zstd. Its last member is manifest.json, which names each member
// before it with size and SHA-256, so that a backup is checked as a whole before anything
// of it is used, and with standard tools as well. What is longer than a piece is several
// members, numbered, to be read one behind the other.
//
// It owns names, manifest and checking. What the members are, where they come from and
// go, and encryption, is for whoever makes backups.
package backup
