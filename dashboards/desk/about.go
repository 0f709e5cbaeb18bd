package desk

import "net/http"

// showAbout explains every word and number in plain language.
func (d *desk) showAbout(w http.ResponseWriter, r *http.Request) {
	d.render(w, r, http.StatusOK, "about", "What the numbers mean", nil)
}
