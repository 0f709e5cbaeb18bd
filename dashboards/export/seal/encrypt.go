package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
)

// Receivers are who can open what is encrypted to them.
type Receivers []age.Recipient

// ParseReceivers reads the public keys of receivers: those of age ("age1…"), and those of
// OpenSSH ("ssh-ed25519 …", "ssh-rsa …"). Empty lines and those that begin with # are left
// out. All mistakes are told at once.
func ParseReceivers(lines ...string) (Receivers, error) {
	var out Receivers
	var bad []error
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one, err := parseReceiver(line)
		if err != nil {
			bad = append(bad, fmt.Errorf("read a receiver's key: %.24q… is none of age (age1…) or OpenSSH (ssh-ed25519 …): %w", line, err))
			continue
		}
		out = append(out, one)
	}
	return out, errors.Join(bad...)
}

func parseReceiver(line string) (age.Recipient, error) {
	if strings.HasPrefix(line, "ssh-") {
		return agessh.ParseRecipient(line)
	}
	all, err := age.ParseRecipients(strings.NewReader(line))
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Encrypt returns a writer that encrypts what it is given to receivers and writes it to
// w. It must be closed.
func (r Receivers) Encrypt(w io.Writer) (io.WriteCloser, error) {
	out, err := age.Encrypt(w, r...)
	if err != nil {
		return nil, fmt.Errorf("encrypt to the receivers: %w", err)
	}
	return out, nil
}

// IsEncrypted tells whether a file is one of age.
func IsEncrypted(head []byte) bool { return strings.HasPrefix(string(head), "age-encryption.org/") }

// Decrypt reads what is encrypted, with the key in a file: identities of age
// ("AGE-SECRET-KEY-1…"), or a private key of OpenSSH without a passphrase.
func Decrypt(r io.Reader, key []byte) (io.Reader, error) {
	ids, err := identities(key)
	if err != nil {
		return nil, fmt.Errorf("read the key to open it with: %w", err)
	}
	out, err := age.Decrypt(r, ids...)
	if err != nil {
		return nil, fmt.Errorf("open what is encrypted: %w", err)
	}
	return out, nil
}

func identities(key []byte) ([]age.Identity, error) {
	if !bytes.HasPrefix(key, []byte("-----BEGIN ")) {
		return age.ParseIdentities(bytes.NewReader(key))
	}
	id, err := agessh.ParseIdentity(key)
	if err != nil {
		return nil, err
	}
	return []age.Identity{id}, nil
}
