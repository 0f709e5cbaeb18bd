package front

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"winnow/storage/embedded/front/answer"
)

// authenticate finds the user by the X-ClickHouse headers, basic authentication
// or the URL's user and password, in that order.
func (h *Handler) authenticate(r *http.Request) (User, error) {
	name, password := r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")
	if name == "" && password == "" {
		var ok bool
		if name, password, ok = r.BasicAuth(); !ok {
			query := r.URL.Query()
			name, password = query.Get("user"), query.Get("password")
		}
	}
	if name == "" {
		name = "default"
	}
	user, known := h.users[name]
	// Digests have one length, so that the comparison's time tells nothing; an
	// unknown user is compared too.
	given, want := sha256.Sum256([]byte(password)), sha256.Sum256([]byte(user.Password))
	if subtle.ConstantTimeCompare(given[:], want[:]) != 1 || !known {
		return User{}, answer.Errorf(516, "AUTHENTICATION_FAILED", "%s: Authentication failed: password is incorrect, or there is no user with such name", name)
	}
	return user, nil
}
