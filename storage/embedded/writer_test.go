package embedded_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/storage/embedded"
)

// byTCP is a curl that writes as another machine would.
func byTCP(t *testing.T, e *embedded.Engine) curler {
	t.Helper()
	c := newCurler(t, e)
	c.writer, c.url = []string{"--user", embedded.WriterName + ":shut sesame"}, "http://"+e.ListenAddr()
	return c
}

// With a password for the writer the engine is a server: what another program can
// do over the socket it can do by TCP.
func TestWriterByTCP(t *testing.T) {
	e := writable(t)
	writer := program{Task: "write", Network: "tcp", Addr: e.ListenAddr(), User: embedded.WriterName, Password: "shut sesame", Rows: 100_000}
	writer.run(t)
	writer.Task = "large"
	writer.run(t)
	program{Task: "read", Network: "tcp", Addr: e.ListenAddr(), User: embedded.ReaderName, Password: "open sesame"}.run(t)
	t.Run("curl", func(t *testing.T) {
		c := byTCP(t, e)
		testCurlBringsDataInAndOut(t, c)
		testCurlSeesErrors(t, c)
		for sql, want := range map[string]string{
			"SELECT {n:UInt8} + 1":                "42\n",
			"INSERT INTO t (n) SELECT throwIf(1)": "Code: 395. DB::Exception: ",
			"SELECT 1; SELECT 2":                  "Code: 62. DB::Exception: Syntax error",
			"SELECT * FROM nowhere":               "Code: 60. DB::Exception: ",
		} {
			var said bytes.Buffer
			if c.write(t, &said, []string{"--data-binary", sql}, "param_n", "41"); !strings.HasPrefix(said.String(), want) {
				t.Errorf("%s: %s", sql, &said)
			}
		}
	})
}

// Each door has its own key: the socket's secret is none by TCP, nor the writer's
// password at the socket, and without a password for it nobody is the writer there.
func TestWriterNeedsItsPassword(t *testing.T) {
	for name, tt := range map[string]struct {
		engine func(*testing.T) *embedded.Engine
		in     bool
	}{"opened": {writable, true}, "not opened": {listening, false}} {
		t.Run(name, func(t *testing.T) {
			e := tt.engine(t)
			c := newCurler(t, e)
			secret := e.ClientOptions().Auth.Password
			for _, try := range []struct {
				what, password string
				socket, in     bool
			}{
				{"the writer's password", "shut sesame", false, tt.in},
				{"no password", "", false, false},
				{"the readers' password", "open sesame", false, false},
				{"the socket's secret", secret, false, false},
				{"the socket's secret at the socket", secret, true, true},
				{"the writer's password at the socket", "shut sesame", true, false},
			} {
				args := []string{"--user", embedded.WriterName + ":" + try.password, "--data-binary", "SELECT 'in'"}
				url := "http://" + e.ListenAddr() + "/"
				if try.socket {
					args, url = append(args, "--unix-socket", e.Socket()), "http://localhost/"
				}
				var said bytes.Buffer
				c.run(t, &said, append(args, url)...)
				if in := said.String() == "in\n"; in != try.in || !in && !strings.HasPrefix(said.String(), "Code: 516. ") {
					t.Errorf("%s: %s", try.what, &said)
				}
			}
		})
	}
}

// What the documentation warns of: the writer reads and writes the files of the
// user whose engine it is. The reader does not.
func TestWriterReachesFiles(t *testing.T) {
	c := byTCP(t, writable(t))
	dir := t.TempDir()
	diary := filepath.Join(dir, "diary")
	if err := os.WriteFile(diary, []byte("dear diary"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := "SELECT * FROM file('" + diary + "', 'LineAsString')"
	var said bytes.Buffer
	if c.write(t, &said, []string{"--data-binary", read}); said.String() != "dear diary\n" {
		t.Errorf("the writer: %s", &said)
	}
	said.Reset()
	if c.read(t, &said, read); !strings.HasPrefix(said.String(), "Code: 497. ") {
		t.Errorf("the reader: %s", &said)
	}
	said.Reset()
	c.write(t, &said, []string{"--data-binary", "INSERT INTO FUNCTION file('" + filepath.Join(dir, "new") + "', 'LineAsString') SELECT 'x'"})
	if b, err := os.ReadFile(filepath.Join(dir, "new")); err != nil || string(b) != "x\n" {
		t.Errorf("%q, %v: %s", b, err, &said)
	}
}
