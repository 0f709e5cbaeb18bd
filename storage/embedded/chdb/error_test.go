package chdb

import (
	"strings"
	"testing"
)

func TestParseError(t *testing.T) {
	for in, want := range map[string]Error{
		"Code: 60. DB::Exception: Unknown table 'x'. (UNKNOWN_TABLE)":                                           {60, "UNKNOWN_TABLE", "Unknown table 'x'."},
		"Code: 33. DB::Exception: No (more) data. (CANNOT_READ_ALL_DATA) (version 26.7.2.1)\n":                  {33, "CANNOT_READ_ALL_DATA", "No (more) data."},
		"Code: 33. DB::Exception: a. (A_B) (version 26.7.2.1 (official build))":                                 {33, "A_B", "a."},
		"Code: 210. DB::NetException: Gone. (NETWORK_ERROR)":                                                    {210, "NETWORK_ERROR", "Gone."},
		"Code: 164. DB::Exception: Code: 164. DB::Exception: Cannot. (READONLY) (version 26.7.2.1). (READONLY)": {164, "READONLY", "Cannot."},
		"Code: 5. DB::Exception: no name":                                                                       {5, "", "no name"},
		"Code: 99999999999999999999. DB::Exception: x":                                                          {9223372036854775807, "", "x"},
		"words": {1001, "STD_EXCEPTION", "words"},
	} {
		if got := *parseError(in); got != want {
			t.Errorf("%q:\ngot  %+v\nwant %+v", in, got, want)
		}
	}
}

// An error's text says its message, whatever the engine said.
func FuzzParseError(f *testing.F) {
	f.Add("Code: 60. DB::Exception: Unknown table 'x'. (UNKNOWN_TABLE) (version 26.7.2.1)")
	f.Add("Code: 1. DB::Exception: Code: 2. DB::Exception: (A)")
	f.Fuzz(func(t *testing.T, in string) {
		e := parseError(in)
		if !strings.Contains(e.Error(), e.Message) || !strings.Contains(in, e.Message) || !strings.HasPrefix(e.Error(), "Code: ") {
			t.Errorf("%q became %q", in, e.Error())
		}
	})
}
