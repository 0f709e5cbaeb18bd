package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"winnow/dashboards/export/seal"
)

// receivers are the flags that name to whom a file is encrypted.
type receivers struct {
	Recipient      []string `short:"r" placeholder:"KEY" help:"Encrypt it to this public key: age1..., or ssh-ed25519 ...; may be given again."`
	RecipientsFile []string `short:"R" type:"existingfile" placeholder:"FILE" help:"Encrypt it to the public keys in this file, one a line."`
}

// lines are the keys as they were given.
func (r receivers) lines() ([]string, error) {
	out := append([]string(nil), r.Recipient...)
	for _, path := range r.RecipientsFile {
		text, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			return nil, fmt.Errorf("reading the receivers' keys: %w", err)
		}
		out = append(out, strings.Split(string(text), "\n")...)
	}
	return out, nil
}

// parse reads the keys; there may be none.
func (r receivers) parse() (seal.Receivers, error) {
	lines, err := r.lines()
	if err != nil {
		return nil, err
	}
	return seal.ParseReceivers(lines...)
}

// decrypted reads what is encrypted, with the key in a file.
func decrypted(in io.Reader, identity string) (io.Reader, error) {
	key, err := os.ReadFile(filepath.Clean(identity))
	if err != nil {
		return nil, fmt.Errorf("reading the key to open it with: %w", err)
	}
	out, err := seal.Decrypt(in, key)
	if err != nil {
		return nil, fmt.Errorf("with the key in %s: %w", identity, err)
	}
	return out, nil
}
