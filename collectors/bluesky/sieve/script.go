package sieve

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// scripts is a set of scripts.
type scripts uint16

// The scripts of which is known what folding does with their characters: each
// becomes a character of the same script, whatever stands beside it, unless that
// is of no script here. So a text without Cyrillic has no Cyrillic tag, and
// Cyrillic in it makes no Latin one.
const (
	latin scripts = 1 << iota // beyond ASCII
	greek
	cyrillic
	hebrew
	arabic
	georgian
	kana
	han
	hangul
	signs
	// breaks are no part of any tag or word, and part those around them.
	breaks
)

// script returns the script of a character beyond ASCII, 0 for any of which
// nothing is known.
func script(r rune) scripts {
	switch {
	case r < 0xC0:
		if r == '«' || r == '»' || r == '·' || r == '°' || r == '¿' || r == '¡' || r == '©' || r == '®' || r == '§' {
			return signs
		}
	case r <= 0x17F:
		switch r {
		case 0xD7, 0xF7: // ×, ÷
			return signs
		case 0x130, 0x131, // İ, ı become i
			0xDF, 0x132, 0x133, 0x13F, 0x140, 0x149, 0x17F: // ß, ligatures, ſ
			return 0
		}
		return latin
	case r == 0x18F || r == 0x259: // Ə, ə
		return latin
	case 0x391 <= r && r <= 0x3CE && r != 0x3C2 && r != 0x3A2:
		return greek
	case 0x400 <= r && r <= 0x481, 0x48A <= r && r <= 0x52F:
		return cyrillic
	case 0x5D0 <= r && r <= 0x5EA:
		return hebrew
	case r == 0x60C, r == 0x61B, r == 0x61F, 0x621 <= r && r <= 0x63A, 0x641 <= r && r <= 0x64A,
		0x660 <= r && r <= 0x669, 0x671 <= r && r <= 0x674, 0x679 <= r && r <= 0x6D3, 0x6F0 <= r && r <= 0x6F9:
		return arabic
	case 0x10D0 <= r && r <= 0x10FA:
		return georgian
	case 0x2018 <= r && r <= 0x201F, r == 0x2013, r == 0x2014, r == 0x2022, r == 0x20AC, r == 0x3001, r == 0x3002, r == 0x3003,
		0x2190 <= r && r <= 0x21FF, 0x2500 <= r && r <= 0x27BF, 0x3008 <= r && r <= 0x3011,
		0x1F300 <= r && r <= 0x1FAFF, 0x1F1E6 <= r && r <= 0x1F1FF:
		return signs
	case r == 0x2026, r == 0xFF01, r == 0xFF08, r == 0xFF09, r == 0xFF0C, r == 0xFF1A, r == 0xFF1F:
		// … and full-width punctuation fold to ASCII, but to none of words.
		return breaks
	case 0x3041 <= r && r <= 0x3094, 0x30A1 <= r && r <= 0x30FC:
		return kana
	case 0x4E00 <= r && r <= 0x9FFF:
		return han
	case 0xAC00 <= r && r <= 0xD7A3:
		return hangul
	}
	return 0
}

// joins reports whether r is a joiner or a variation selector, which vanish
// when folded. Behind a character of a known script that joins nothing.
func joins(r rune) bool {
	return r == 0xFE0E || r == 0xFE0F || r == 0x200C || r == 0x200D
}

// survey returns the scripts in some JSON. It is not sure if characters that may
// fold to anything, or vanish, are in it.
func survey(b []byte) (in scripts, sure bool) {
	if !tame(b) {
		return 0, false
	}
	parted := false // the last character was of a known script
	for {
		n := asciiLen(b)
		if n > 0 {
			parted = false
		}
		if b = b[n:]; len(b) == 0 {
			return in, true
		}
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		if s := script(r); s != 0 {
			in |= s
			parted = true
		} else if !parted || !joins(r) {
			return 0, false
		}
	}
}

// tame reports whether no character is escaped by its number but <, > and &,
// which encoders of JSON for the web escape out of habit.
func tame(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '\\')
		if i < 0 || i+1 >= len(b) {
			return i < 0
		}
		if b[i+1] != 'u' {
			b = b[i+2:]
			continue
		}
		if len(b) < i+6 || b[i+2] != '0' || b[i+3] != '0' {
			return false
		}
		switch b[i+5] | 0x20 {
		case '6':
			if b[i+4] != '2' {
				return false
			}
		case 'c', 'e':
			if b[i+4] != '3' {
				return false
			}
		default:
			return false
		}
		b = b[i+6:]
	}
}

// asciiLen returns how many bytes at the start of b are ASCII.
func asciiLen(b []byte) int {
	n := 0
	for len(b)-n >= 8 && binary.LittleEndian.Uint64(b[n:])&0x8080808080808080 == 0 {
		n += 8
	}
	for n < len(b) && b[n] < utf8.RuneSelf {
		n++
	}
	return n
}
