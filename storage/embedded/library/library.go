package library

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Version is the version of the engine's library that Winnow is made for.
const Version = "26.7.3-stable.1"

// Variable is the environment variable that names a library of one's own.
const Variable = "WINNOW_ENGINE_LIBRARY"

// ErrMissing is returned when the engine's library is not on this machine.
var ErrMissing = errors.New("the engine's library is not here: run `winnow engine --fetch`, or name one by " + Variable)

// source is where a platform's library comes from.
type source struct {
	// name is the npm package's.
	name string
	// integrity is the SHA-512 of its archive as npm writes it, empty when this
	// version has none pinned for the platform.
	integrity string
	// size is that of the archive, in bytes.
	size int64
}

// packageFor is the package for a platform by Go's names.
func packageFor(goos, goarch string) (source, error) {
	switch goos + "/" + goarch {
	case "linux/amd64":
		return source{
			name:      "@chdb/lib-linux-x64-gnu",
			integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
			size:      177817999,
		}, nil
	case "linux/arm64":
		return source{name: "@chdb/lib-linux-arm64-gnu"}, nil
	case "darwin/amd64":
		return source{name: "@chdb/lib-darwin-x64"}, nil
	case "darwin/arm64":
		return source{name: "@chdb/lib-darwin-arm64"}, nil
	}
	return source{}, fmt.Errorf("there is no engine library for %s/%s: use a ClickHouse server as the store", goos, goarch)
}

// DefaultCacheDir is where libraries are kept unless told otherwise: the user's
// cache directory, by version.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the engine's library: %w", err)
	}
	return filepath.Join(dir, "winnow", "engine", Version), nil
}

// Find returns the path of the engine's library: the one that Variable
// names, else the one fetched into cacheDir ("" means DefaultCacheDir). The
// error wraps ErrMissing when there is none.
func Find(cacheDir string) (string, error) {
	if path := os.Getenv(Variable); path != "" {
		if !IsFile(path) {
			return "", fmt.Errorf("%s names %s, which is no file: %w", Variable, path, ErrMissing)
		}
		return path, nil
	}
	path, err := cached(cacheDir)
	if err != nil {
		return "", err
	}
	if !IsFile(path) {
		return "", ErrMissing
	}
	return path, nil
}

// cached is where a fetched library lies or would lie.
func cached(cacheDir string) (string, error) {
	if _, err := packageFor(runtime.GOOS, runtime.GOARCH); err != nil {
		return "", err
	}
	if cacheDir == "" {
		var err error
		if cacheDir, err = DefaultCacheDir(); err != nil {
			return "", err
		}
	}
	return filepath.Join(cacheDir, "libchdb.so"), nil
}

// IsFile tells whether a regular file lies at path.
func IsFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
