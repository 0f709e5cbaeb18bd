package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Hash is a SHA-256.
type Hash [sha256.Size]byte

// String writes the hash as 64 small hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether there is no hash.
func (h Hash) IsZero() bool { return h == Hash{} }

// ParseHash reads what [Hash.String] writes, and nothing else.
func ParseHash(text string) (Hash, error) {
	var h Hash
	if len(text) != 2*len(h) {
		return h, errors.New("a hash has 64 digits")
	}
	if _, err := hex.Decode(h[:], []byte(text)); err != nil || h.String() != text {
		return Hash{}, errors.New("a hash consists of the digits 0 to 9 and a to f")
	}
	return h, nil
}

// Of is the hash of bytes as they are.
func Of(data []byte) Hash { return sha256.Sum256(data) }

// OfLines is the hash of lines of text, each with a line feed.
func OfLines(lines ...string) Hash {
	return sha256.Sum256([]byte(strings.Join(lines, "\n") + "\n"))
}

// timeForm has one way to write a time, which is in UTC.
const timeForm = "2006-01-02T15:04:05.000Z"

// FormatTime writes a time as the chain does, in UTC and to the millisecond, what is
// beyond being cut off.
func FormatTime(t time.Time) string { return t.UTC().Format(timeForm) }

// ParseTime reads what [FormatTime] writes, and nothing else.
func ParseTime(text string) (time.Time, error) {
	t, err := time.Parse(timeForm, text)
	if err != nil || FormatTime(t) != text {
		return time.Time{}, errors.New("a time looks like 2031-07-04T12:00:00.000Z")
	}
	return t, nil
}

// parseNumber reads a decimal number in the one way that it is written.
func parseNumber(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != text {
		return 0, errors.New("a number consists of the digits 0 to 9")
	}
	return n, nil
}
