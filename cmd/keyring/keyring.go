package keyring

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"winnow/dashboards/private"
)

// KeySize is the size of a key, in bytes.
const KeySize = 32

// Ring is the keys of one data directory.
type Ring struct{ dir string }

// In returns the ring of a data directory. Nothing is made before a key is asked for.
func In(dataDir string) *Ring { return &Ring{dir: filepath.Join(dataDir, "keys")} }

// Pseudonyms returns the key by which a campaign's accounts get other names in exports. It
// is made when it is first asked for. Whoever has it can try whether an account is among
// those exported, so it never leaves the data directory but in a backup.
func (r *Ring) Pseudonyms(campaign string) (Key, error) { return r.key(pseudonymFile(campaign)) }

// Suppression returns the key by which it is remembered whom not to collect again.
func (r *Ring) Suppression() (Key, error) { return r.key("suppression") }

// Signing returns the seed of the key that exports are signed with, and fs.ErrNotExist
// if none was made yet.
func (r *Ring) Signing() (Key, error) { return r.read("signing") }

// MakeSigning makes the seed of the key that exports are signed with. Its error is
// fs.ErrExist if there is one.
func (r *Ring) MakeSigning() (Key, error) {
	if _, err := r.read("signing"); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fmt.Errorf("make a key to sign with: %w", fs.ErrExist)
		}
		return Key{}, err
	}
	return r.key("signing")
}

// Forget removes the key of a campaign's pseudonyms: nobody can tell any more who was
// meant by those that were handed out.
func (r *Ring) Forget(campaign string) error {
	err := os.Remove(filepath.Join(r.dir, pseudonymFile(campaign)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the key of a campaign's pseudonyms: %w", err)
	}
	return nil
}

// pseudonymFile is named after a hash: a campaign may have any name.
func pseudonymFile(campaign string) string {
	sum := sha256.Sum256([]byte(campaign))
	return "pseudonyms-" + hex.EncodeToString(sum[:8])
}

// key reads a key, or makes it.
func (r *Ring) key(name string) (Key, error) {
	k, err := r.read(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return Key{}, fmt.Errorf("make the folder of the keys: %w", err)
	}
	var fresh [KeySize]byte
	_, _ = rand.Read(fresh[:]) // never fails
	if err := private.Replace(filepath.Join(r.dir, name), []byte(hex.EncodeToString(fresh[:])+"\n")); err != nil {
		return Key{}, fmt.Errorf("write the key %s: %w", name, err)
	}
	return Key{fresh}, nil
}

func (r *Ring) read(name string) (Key, error) {
	path := filepath.Join(r.dir, name)
	text, err := private.File{Path: path, What: "a key"}.Read()
	if err != nil {
		return Key{}, err
	}
	var k Key
	digits, whole := strings.CutSuffix(text, "\n")
	if !whole || len(digits) != 2*KeySize {
		return Key{}, damaged(path)
	}
	if _, err := hex.Decode(k.bytes[:], []byte(digits)); err != nil {
		return Key{}, damaged(path)
	}
	return k, nil
}

func damaged(path string) error {
	return fmt.Errorf("read a key: %s is damaged; put it back from a backup, or move it away: then a new one is made, and what was made with the old one cannot be told apart any more", path)
}

// Key is a secret. It does not print.
type Key struct{ bytes [KeySize]byte }

// String says nothing of the key.
func (Key) String() string { return "***" }

// GoString says nothing of the key.
func (Key) GoString() string { return "***" }

// Reveal returns the bytes of the key.
func (k Key) Reveal() []byte { return k.bytes[:] }

// Hash is the keyed hash of parts, HMAC-SHA-256 (RFC 2104): whoever does not have the key
// can neither guess the parts nor try them. Where one part ends matters.
func (k Key) Hash(parts ...string) [sha256.Size]byte {
	mac := hmac.New(sha256.New, k.bytes[:])
	for _, p := range parts {
		_, _ = fmt.Fprintf(mac, "%d:%s", len(p), p) // a hash takes everything
	}
	return [sha256.Size]byte(mac.Sum(nil))
}
