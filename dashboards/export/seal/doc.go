// Package seal packs files so that a receiver can see whether anything was changed since,
// with common programs and without whoever sent them.
//
// It owns the archive: a ZIP file without compression, whose every byte follows from the
// files in it. Beside them it has SHA256SUMS, which sha256sum reads, SHA256SUMS.sig, a
// signature over that which ssh-keygen reads (the format is SSHSIG, see PROTOCOL.sshsig of
// OpenSSH), and manifest.json, which says what each file is. It owns the key's forms, the
// encryption to receivers by age (age-encryption.org/v1), and [Verify], which names what
// does not fit. It does not know what is in the files.
//
// A ZIP file says much twice and some things for nothing: times, attributes, room for
// remarks. Verify packs what it read again and compares all bytes, so that nothing can
// hide there. That is also why nothing is compressed: the same contents have many
// compressed forms.
package seal
