package access

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/token"
	"winnow/dashboards/desk/problem"
)

// challenge tells a program what is missing, as RFC 6750, section 3, has it.
const challenge = `Bearer realm="winnow"`

// API lets programs with a token, and those who are logged in, through to next.
// Others get a problem, and not the page for logging in. A token is read from the
// header Authorization alone: what stands in an address ends up in logs and
// histories.
func (d *Door) API(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.refusedOpenly(w, r) {
			return
		}
		given := r.Header.Values("Authorization")
		if strings.Join(given, "") == "" {
			who, ok := d.who(r)
			if !ok {
				w.Header().Set("WWW-Authenticate", challenge)
				problem.Write(w, http.StatusUnauthorized, "This needs a token, as Authorization: Bearer TOKEN, or somebody who is logged in. winnow token add makes one.")
				return
			}
			next.ServeHTTP(w, as(r, who))
			return
		}
		// Whoever sends a token means it: a session beside it does not help one that
		// is wrong.
		tokens, err := d.users.currentTokens()
		if err != nil {
			d.complain(r.Context(), err)
			problem.Write(w, http.StatusServiceUnavailable, "Winnow cannot read the list of its tokens, and lets none in. Its log says why.")
			return
		}
		t, ok := find(tokens, given)
		if !ok || t.Over(d.now()) {
			d.refuseToken(w, r, t)
			return
		}
		next.ServeHTTP(w, as(r, Identity{Name: t.Name, Role: t.Role, Token: true}))
	})
}

// find returns the token of a header.
func find(tokens token.List, given []string) (token.Token, bool) {
	scheme, secret, _ := strings.Cut(given[0], " ")
	if len(given) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return token.Token{}, false
	}
	return tokens.Find(strings.TrimLeft(secret, " "))
}

// refuseToken answers to a token that is wrong, or known and over. Nobody can guess one; what is
// slowed down is whoever fills the audit log. So an address that sent too many
// wrong ones still gets in with a right one.
func (d *Door) refuseToken(w http.ResponseWriter, r *http.Request, t token.Token) {
	note := audit.Entry{Time: d.now(), Event: audit.TokenRefused, Token: t.Name, Role: string(t.Role), Address: d.peers.address(r).String()}
	if wait := d.wrongTokens.TryAddress(d.peers.address(r), d.now()); wait > 0 {
		note.Event = audit.TokenThrottled
		d.write(r, note)
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		problem.Write(w, http.StatusTooManyRequests, "Too many wrong tokens came from this address. Wait as long as Retry-After says, then send a right one.")
		return
	}
	d.write(r, note)
	w.Header().Set("WWW-Authenticate", challenge+`, error="invalid_token"`)
	problem.Write(w, http.StatusUnauthorized, "This token is wrong, was removed, or is good no more. winnow token list tells those there are, and winnow token add makes another.")
}
