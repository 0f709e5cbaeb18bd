package format

import "testing"

// Recognising any beginning of a file neither panics nor names a format
// without a way to read it.
func FuzzGuess(f *testing.F) {
	f.Add([]byte("object_id,account_id,content_id,timestamp_share\no,a,c,1\n"), true)
	f.Add([]byte("{\"data\":{}}\n"), false)
	f.Add([]byte("[{\"account\":{},\"uri\":\"\",\"content\":\"\"}"), true)
	f.Fuzz(func(t *testing.T, head []byte, whole bool) {
		s, err := guess(head, whole, Hints{})
		if err != nil {
			return
		}
		if s.Layout == Rows && s.table == nil || s.Format == "" || s.Layout == "" {
			t.Fatalf("%q gives %+v", head, s)
		}
	})
}
