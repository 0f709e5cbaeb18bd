package library

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

// Fetch gets the engine's library for this platform from the npm registry into
// cacheDir ("" means DefaultCacheDir), by the npm client and under its
// configuration, and returns its path. What is there already is not fetched
// again. The archive must have the pinned checksum. Lines about the progress go
// to progress; nil discards them.
func Fetch(ctx context.Context, cacheDir string, progress io.Writer) (string, error) {
	if progress == nil {
		progress = io.Discard
	}
	target, err := cached(cacheDir)
	if err != nil {
		return "", err
	}
	if IsFile(target) {
		return target, nil
	}
	p, err := packageFor(runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return "", err
	}
	return target, fetch(ctx, p, target, progress)
}

func fetch(ctx context.Context, p source, target string, progress io.Writer) error {
	if p.integrity == "" {
		return fmt.Errorf("fetch engine library: no checksum is pinned for %s/%s: install %s@%s by hand and name its library by %s",
			runtime.GOOS, runtime.GOARCH, p.name, Version, Variable)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("fetch engine library: the npm client is needed and not found: install it (Debian: apt install npm) or name a library by %s", Variable)
	}
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("fetch engine library: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "fetch.lock"))
	if ok, err := lock.TryLock(); err != nil {
		return fmt.Errorf("fetch engine library: %w", err)
	} else if !ok {
		say(progress, "another process fetches the engine's library, waiting for it\n")
		if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("fetch engine library: wait for the other process: %w", err)
		}
	}
	defer lock.Unlock() //nolint:errcheck // the file is closed either way
	if IsFile(target) {
		return nil
	}
	work, err := os.MkdirTemp(dir, "fetch-")
	if err != nil {
		return fmt.Errorf("fetch engine library: %w", err)
	}
	defer os.RemoveAll(work) //nolint:errcheck // leftovers hurt nobody
	archive, err := pack(ctx, npm, p, work, progress)
	if err != nil {
		return err
	}
	if err := unpack(archive, p, target, work, progress); err != nil {
		return fmt.Errorf("unpack engine library: %w", err)
	}
	say(progress, "the engine's library is at %s\n", target)
	return nil
}

// say writes a line for people; whether they can read it is not the fetch's concern.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// pack runs `npm pack` and returns the archive's path.
func pack(ctx context.Context, npm string, p source, work string, progress io.Writer) (string, error) {
	spec := p.name + "@" + Version
	say(progress, "fetching %s\n", spec)
	cmd := exec.CommandContext(ctx, npm, "pack", spec, "--silent", "--pack-destination", work, "--cache", filepath.Join(work, "cache"))
	cmd.Dir = work
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("fetch engine library: start npm: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				return "", fmt.Errorf("fetch engine library: npm pack %s: %w: %s", spec, err, bytes.TrimSpace(output.Bytes()))
			}
			running = false
		case <-tick.C:
			report(progress, "fetched", treeSize(work), p.size)
		}
	}
	archives, err := filepath.Glob(filepath.Join(work, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return "", fmt.Errorf("fetch engine library: npm pack %s left %d archives instead of one", spec, len(archives))
	}
	return archives[0], nil
}

// treeSize adds up the files below dir, as far as they can be read.
func treeSize(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	return total
}

func report(w io.Writer, what string, n, of int64) {
	if of <= 0 {
		say(w, "%s %d MB\n", what, n>>20)
		return
	}
	say(w, "%s %d of %d MB (%d %%)\n", what, min(n, of)>>20, of>>20, min(n, of)*100/of)
}

// unpack takes the library out of the archive and puts it in place once the
// whole archive had the right checksum.
func unpack(archive string, p source, target, work string, progress io.Writer) error {
	in, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // read only
	sum := sha512.New()
	counted := &counter{r: io.TeeReader(in, sum), of: p.size, w: progress}
	unzipped, err := gzip.NewReader(counted)
	if err != nil {
		return err
	}
	temporary := filepath.Join(work, "libchdb.so")
	if err := extractLibrary(tar.NewReader(unzipped), temporary); err != nil {
		return err
	}
	// What follows the library counts for the checksum too.
	if _, err := io.Copy(io.Discard, counted); err != nil {
		return err
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum.Sum(nil)); got != p.integrity {
		return fmt.Errorf("the archive of %s@%s has the checksum %s instead of %s", p.name, Version, got, p.integrity)
	}
	return os.Rename(temporary, target)
}

// extractLibrary writes the archive's library, and nothing else of it, to a file.
func extractLibrary(archive *tar.Reader, file string) (err error) {
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return errors.New("the archive holds no libchdb")
		}
		if err != nil {
			return err
		}
		if name := path.Clean(header.Name); header.Typeflag == tar.TypeReg && (name == "package/libchdb.so" || name == "package/libchdb.dylib") {
			break
		}
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, archive); err != nil {
		return err
	}
	return out.Sync()
}

// counter reports how much was read, in steps of a tenth.
type counter struct {
	r     io.Reader
	w     io.Writer
	n, of int64
	tenth int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.of > 0 && c.n*10/c.of > c.tenth {
		c.tenth = c.n * 10 / c.of
		report(c.w, "unpacked", c.n, c.of)
	}
	return n, err
}
