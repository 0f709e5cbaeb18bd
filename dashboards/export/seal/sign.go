package seal

import (
	"bytes"
	"crypto/ed25519"
	"fmt"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// Namespace is what signatures are for: one that was made over something else does not
// count here. ssh-keygen takes it behind -n.
const Namespace = "winnow-bundle"

// Signer signs archives.
type Signer struct{ key ssh.Signer }

// NewSigner returns the signer with the Ed25519 key (RFC 8032) of a seed of 32 bytes.
func NewSigner(seed []byte) (*Signer, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("make a key to sign with: the seed has %d bytes, not %d", len(seed), ed25519.SeedSize)
	}
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		return nil, fmt.Errorf("make a key to sign with: %w", err)
	}
	return &Signer{key}, nil
}

// Public is the key by which others check what was signed.
func (s *Signer) Public() PublicKey { return PublicKey{s.key.PublicKey()} }

func (s *Signer) sign(text []byte) ([]byte, error) {
	signature, err := sshsig.Sign(bytes.NewReader(text), s.key, sshsig.HashSHA512, Namespace)
	if err != nil {
		return nil, fmt.Errorf("sign an archive: %w", err)
	}
	return sshsig.Armor(signature), nil
}

// PublicKey is the key that a signature is checked by.
type PublicKey struct{ key ssh.PublicKey }

// ParsePublicKey reads a key as OpenSSH writes it: "ssh-ed25519 AAAA…". What stands
// behind it is left aside.
func ParsePublicKey(text string) (PublicKey, error) {
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil {
		return PublicKey{}, fmt.Errorf("read a public key: %.60q is none; it begins with ssh-ed25519, as \"winnow key\" prints it", text)
	}
	return PublicKey{key}, nil
}

// String is the key as OpenSSH writes it.
func (p PublicKey) String() string {
	return string(bytes.TrimSpace(ssh.MarshalAuthorizedKey(p.key)))
}

// Fingerprint is the key's short name, to compare by telephone: "SHA256:…".
func (p PublicKey) Fingerprint() string { return ssh.FingerprintSHA256(p.key) }

// IsZero is true of no key.
func (p PublicKey) IsZero() bool { return p.key == nil }

// Equal is true of the same key.
func (p PublicKey) Equal(other PublicKey) bool {
	return p.key != nil && other.key != nil && bytes.Equal(p.key.Marshal(), other.key.Marshal())
}

// checkSignature returns the key that signed a text.
func checkSignature(text, armored []byte) (PublicKey, error) {
	signature, err := sshsig.Unarmor(armored)
	if err != nil {
		return PublicKey{}, err
	}
	// What is written another way is not what was signed, even if it means the same.
	if !bytes.Equal(sshsig.Armor(signature), armored) {
		return PublicKey{}, fmt.Errorf("it is not written as signatures are")
	}
	if err := sshsig.Verify(bytes.NewReader(text), signature, signature.PublicKey, signature.HashAlgorithm, Namespace); err != nil {
		return PublicKey{}, err
	}
	return PublicKey{signature.PublicKey}, nil
}
