package wire

import (
	"bytes"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"winnow/pipeline/post"
)

// Options returns the options by which foreign JSON is read: names repeated in
// an object and half surrogate pairs are tolerated, since both occur in real
// archives and neither changes what a post says; arrays may be longer than
// documented. Types that skip lists are stepped over without being decoded:
// what nobody reads can then not fail either.
func Options(skip ...*json.Unmarshalers) json.Options {
	return json.JoinOptions(
		jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true), // real bytes are checked by Text; this is for \ud800
		jsonv1.UnmarshalArrayFromAnyLength(true),
		json.WithUnmarshalers(json.JoinUnmarshalers(skip...)),
	)
}

// Skip steps over every value that would be decoded into a T.
func Skip[T any]() *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(dec *jsontext.Decoder, _ *T) error { return dec.SkipValue() })
}

// Text checks that raw is text at all: UTF-8 without NUL bytes.
func Text(raw []byte) error {
	if bytes.IndexByte(raw, 0) >= 0 {
		return Rejectf(post.NulByte)
	}
	if !utf8.Valid(raw) {
		return Rejectf(post.BadUTF8)
	}
	return nil
}

// Unmarshal decodes raw into v. Every error is a *Reject, whose detail tells
// the place but not the content.
func Unmarshal(raw []byte, v any, o json.Options) error {
	if err := Text(raw); err != nil {
		return err
	}
	err := json.Unmarshal(raw, v, o)
	if err == nil {
		return nil
	}
	if syn, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return Rejectf(NotJSON, "near ", short(syn.JSONPointer))
	}
	if sem, ok := errors.AsType[*json.SemanticError](err); ok {
		if _, ok := errors.AsType[*time.ParseError](err); ok {
			return Rejectf(post.BadTime, short(sem.JSONPointer))
		}
		return Rejectf(WrongType, short(sem.JSONPointer))
	}
	return Rejectf(NotJSON)
}

// short keeps a pointer into foreign JSON from becoming a document of its own.
func short(p jsontext.Pointer) string {
	const most = 120
	if len(p) <= most {
		if p == "" {
			return "the start"
		}
		return string(p)
	}
	return strings.ToValidUTF8(string(p[:most]), "") + "…"
}
