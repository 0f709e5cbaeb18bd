package frame

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"time"

	"winnow/dashboards/desk/palette"
)

// Assets are the style sheets, scripts and pictures of the pages.
//
//go:embed assets
var Assets embed.FS

// asset is one embedded file and the version that its address carries.
type asset struct {
	body    []byte
	kind    string
	version string
}

// assets are the embedded files by name.
type assets map[string]asset

func loadAssets() (assets, error) {
	kinds := map[string]string{
		".css": "text/css; charset=utf-8",
		".svg": "image/svg+xml",
		".js":  "text/javascript; charset=utf-8",
	}
	entries, err := Assets.ReadDir("assets")
	if err != nil {
		return nil, fmt.Errorf("list embedded assets: %w", err)
	}
	all := make(assets, len(entries))
	for _, e := range entries {
		kind, ok := kinds[path.Ext(e.Name())]
		if !ok {
			return nil, fmt.Errorf("embedded asset %s is of no known kind", e.Name())
		}
		body, err := Assets.ReadFile("assets/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read embedded asset: %w", err)
		}
		if e.Name() == "desk.css" {
			body = append([]byte(palette.CSS+"\n"), body...)
		}
		sum := sha256.Sum256(body)
		all[e.Name()] = asset{body: body, kind: kind, version: hex.EncodeToString(sum[:8])}
	}
	return all, nil
}

// address is where a page finds an asset. It changes with the content, so that
// a browser may keep the file for good.
func (a assets) address(name string) string {
	return "/assets/" + name + "?v=" + a[name].version
}

// scripts are the addresses of the scripts of a page: each does without them.
func (a assets) scripts(page string) []string {
	all := []string{a.address("live.js")}
	switch page {
	case "campaign":
		all = append(all, a.address("brush.js"))
	case "replay":
		all = append(all, a.address("replay.js"))
	}
	return all
}

func (a assets) serve(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	file, ok := a[name]
	if !ok {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", file.kind)
	if r.URL.Query().Get("v") == file.version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	// Weak, since it is the same however it is encoded on its way.
	w.Header().Set("ETag", `W/"`+file.version+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(file.body))
}

// Asset is where a page finds one of the files; see [Frame.ServeAsset].
func (f *Frame) Asset(name string) string { return f.assets.address(name) }

// ServeAsset serves a file by the path value "name".
func (f *Frame) ServeAsset(w http.ResponseWriter, r *http.Request) { f.assets.serve(w, r) }
