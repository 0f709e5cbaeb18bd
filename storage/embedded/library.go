package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// LibraryVersion is the version of the engine's library that Winnow is made for.
const LibraryVersion = "26.7.3-stable.1"

// LibraryVariable is the environment variable that names a library of one's own.
const LibraryVariable = "WINNOW_ENGINE_LIBRARY"

// ErrNoLibrary is returned when the engine's library is not on this machine.
var ErrNoLibrary = errors.New("the engine's library is not here: run `winnow engine --fetch`, or name one by " + LibraryVariable)

// libraryPackage is where a platform's library comes from.
type libraryPackage struct {
	// name is the npm package's.
	name string
	// integrity is the SHA-512 of its archive as npm writes it, empty when this
	// version has none pinned for the platform.
	integrity string
	// size is that of the archive, in bytes.
	size int64
}

// packageFor is the package for a platform by Go's names.
func packageFor(goos, goarch string) (libraryPackage, error) {
	switch goos + "/" + goarch {
	case "linux/amd64":
		return libraryPackage{
			name:      "@chdb/lib-linux-x64-gnu",
			integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
			size:      177817999,
		}, nil
	case "linux/arm64":
		return libraryPackage{name: "@chdb/lib-linux-arm64-gnu"}, nil
	case "darwin/amd64":
		return libraryPackage{name: "@chdb/lib-darwin-x64"}, nil
	case "darwin/arm64":
		return libraryPackage{name: "@chdb/lib-darwin-arm64"}, nil
	}
	return libraryPackage{}, fmt.Errorf("there is no engine library for %s/%s: use a ClickHouse server as the store", goos, goarch)
}

// DefaultCacheDir is where libraries are kept unless told otherwise: the user's
// cache directory, by version.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the engine's library: %w", err)
	}
	return filepath.Join(dir, "winnow", "engine", LibraryVersion), nil
}

// Library is the path of the engine's library: the one that LibraryVariable
// names, else the one fetched into cacheDir ("" means DefaultCacheDir). The
// error wraps ErrNoLibrary when there is none.
func Library(cacheDir string) (string, error) {
	if path := os.Getenv(LibraryVariable); path != "" {
		if !isFile(path) {
			return "", fmt.Errorf("%s names %s, which is no file: %w", LibraryVariable, path, ErrNoLibrary)
		}
		return path, nil
	}
	path, err := cachedLibrary(cacheDir)
	if err != nil {
		return "", err
	}
	if !isFile(path) {
		return "", ErrNoLibrary
	}
	return path, nil
}

// cachedLibrary is where a fetched library lies or would lie.
func cachedLibrary(cacheDir string) (string, error) {
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

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
