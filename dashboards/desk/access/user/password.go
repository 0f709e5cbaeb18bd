package user

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

const (
	// minPassword is how many characters guard somebody who shows nothing else:
	// NIST SP 800-63B-4, section 3.1.1.2.
	minPassword = 15
	// maxPassword is the most bytes of a password: enough for any sentence.
	maxPassword = 1024
	// minDistinct is how many characters of a password have to differ.
	minDistinct = 6
)

// Cost is how hard a hash is to compute.
type Cost struct {
	// Memory is in KiB.
	Memory uint32
	// Passes go over all of the memory.
	Passes uint32
	// Lanes are filled side by side.
	Lanes uint8
}

// Standard is the second recommended choice of RFC 9106, section 4, for where
// memory is scarce: 64 MiB, three passes, four lanes.
func Standard() Cost { return Cost{Memory: 64 << 10, Passes: 3, Lanes: 4} }

// Least is the least that the OWASP Password Storage Cheat Sheet recommends: 19
// MiB, two passes, one lane. What is cheaper is not accepted.
func Least() Cost { return Cost{Memory: 19 << 10, Passes: 2, Lanes: 1} }

// most bounds what a line of the file can make Winnow spend on one log-in.
var most = Cost{Memory: 256 << 10, Passes: 16, Lanes: 16}

const (
	saltBytes = 16
	keyBytes  = 32
)

// CheckPassword says what is wrong with a new password for somebody, with what
// to do about it, and never what the password is.
func CheckPassword(name, password string) error {
	if !utf8.ValidString(password) || strings.ContainsFunc(password, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return errors.New("the password has characters that cannot be typed into the page; use letters, digits, signs and blanks")
	}
	if len(password) > maxPassword {
		return fmt.Errorf("the password is longer than %d bytes; take a shorter one", maxPassword)
	}
	text := norm.NFC.String(password)
	if utf8.RuneCountInString(text) < minPassword {
		return fmt.Errorf("the password is too short; give at least %d characters, such as four or five words that nobody would put together", minPassword)
	}
	distinct := map[rune]bool{}
	for _, r := range strings.ToLower(text) {
		distinct[r] = true
	}
	if len(distinct) < minDistinct {
		return errors.New("the password repeats a few characters; take four or five words that nobody would put together")
	}
	if name != "" {
		// The name, or the product's, with a few characters around it is a first guess.
		rest := strings.ToLower(text)
		for _, known := range []string{name, "winnow", "password"} {
			rest = strings.ReplaceAll(rest, known, "")
		}
		if utf8.RuneCountInString(rest) < minPassword/2 {
			return errors.New("the password is little more than a name; take four or five words that nobody would put together")
		}
	}
	return nil
}

// hash is a password's, in the form of the PHC string format:
// $argon2id$v=19$m=65536,t=3,p=4$SALT$KEY.
type hash struct {
	cost      Cost
	salt, key string
}

func newHash(password string, cost Cost) hash {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // it never fails
	h := hash{cost: cost, salt: string(salt)}
	h.key = h.compute(password)
	return h
}

func (h hash) compute(password string) string {
	text := norm.NFC.String(password)
	return string(argon2.IDKey([]byte(text), []byte(h.salt), h.cost.Passes, h.cost.Memory, h.cost.Lanes, keyBytes))
}

func (h hash) fits(password string) bool {
	return subtle.ConstantTimeCompare([]byte(h.compute(password)), []byte(h.key)) == 1
}

func (h hash) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.cost.Memory, h.cost.Passes, h.cost.Lanes, b64([]byte(h.salt)), b64([]byte(h.key)))
}

// parseHash reads what String writes, and nothing else.
func parseHash(text string) (hash, error) {
	wrong := errors.New("this is no argon2id hash; set the password again by winnow user passwd")
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, wrong
	}
	var numbers [3]uint64
	fields := strings.Split(parts[3], ",")
	if len(fields) != len(numbers) {
		return hash{}, wrong
	}
	for i, name := range []string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(fields[i], name)
		n, err := strconv.ParseUint(digits, 10, 31)
		if !ok || err != nil {
			return hash{}, wrong
		}
		numbers[i] = n
	}
	if numbers[0] > uint64(most.Memory) || numbers[1] > uint64(most.Passes) || numbers[2] > uint64(most.Lanes) {
		return hash{}, errors.New("the hash costs more than Winnow spends on a log-in; set the password again by winnow user passwd")
	}
	h := hash{cost: Cost{Memory: uint32(numbers[0]), Passes: uint32(numbers[1]), Lanes: uint8(numbers[2])}}
	if least := Least(); h.cost.Memory < least.Memory || h.cost.Passes < least.Passes || h.cost.Lanes < least.Lanes {
		return hash{}, errors.New("the hash is too cheap to guess at; set the password again by winnow user passwd")
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) != saltBytes || len(key) != keyBytes {
		return hash{}, wrong
	}
	h.salt, h.key = string(salt), string(key)
	if h.String() != text {
		return hash{}, wrong // leading zeros, line ends within base64
	}
	return h, nil
}
