package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"winnow/cmd/config/strict"
)

// maxFile bounds the configuration file and each file of a secret, in bytes.
const maxFile = 1 << 20

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s is larger than %s; is it the right file?", path, Size(maxFile))
	}
	return data, nil
}

// resolve makes a path count from where the configuration file lies.
func resolve(file, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}

// readSecret reads the file that the secret at a path of the configuration
// stands in, if it has one. Mistakes go to d.
func readSecret(d *strict.Decoder, path string, s *Secret, file string) {
	if file == "" {
		return
	}
	fail := func(format string, args ...any) {
		d.Add(path+"_file", fmt.Sprintf(format, args...))
		d.Distrust(path)
	}
	if *s != "" {
		fail("%s is given as well; keep one of the two", path)
		return
	}
	data, err := readFile(file)
	if err != nil {
		fail("the file of the secret cannot be read: %v; make it, or correct the path", rootCause(err))
		return
	}
	if *s = Secret(strings.TrimRight(string(data), "\r\n")); *s == "" {
		fail("%s is empty; write the secret into it", file)
	}
}

// rootCause leaves out the operation, which says nothing to an operator.
func rootCause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}
