package app_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/dashboards/desk/access/token"
	"winnow/dashboards/desk/access/user"
)

// addToken lets a program in, and returns its token.
func addToken(t *testing.T, usersFile string) string {
	t.Helper()
	one, secret, err := token.New("nightly", user.Viewer, 0, time.Now())
	if err == nil {
		err = token.Change(token.Path(usersFile), func(l token.List) (token.List, error) { return l.With(one), nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// The whole, as in the stack but by https: the first start makes the first user, who
// logs in and out; nobody else sees a page, and the token opens the metrics alone.
func TestDeskWithUsers(t *testing.T) {
	t.Parallel()
	const password, token = "lantern river seven goats", "a token of twenty letters"
	cfg, deps := setup(t)
	cfg.Desk.UsersFile = filepath.Join(cfg.DataDir, "users")
	cfg.Desk.FirstPassword, cfg.Desk.MetricsToken = password, token
	cfg.Desk.TLSCertFile, cfg.Desk.TLSKeyFile = app.WriteCertificate(t, t.TempDir())
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	if note, err := a.CheckAccess(); err != nil || !strings.Contains(note, "made at the first start") {
		t.Errorf("before the start: %q, %v", note, err)
	}
	var desk string
	role := app.Role{Desk: true, Ready: func(url string) { desk = url }}
	if err := a.Run(t.Context(), role, func(ctx context.Context, _ *app.Running) error {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		base, err := url.Parse(desk)
		if err != nil || base.Scheme != "https" {
			t.Fatalf("the desk is at %s, %v", desk, err)
		}
		client := &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // the test's own certificate
		ask := func(path string, form url.Values, bearer string) (int, string) {
			method, body := http.MethodGet, io.Reader(nil)
			if form != nil {
				method, body = http.MethodPost, strings.NewReader(form.Encode())
			}
			r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(desk, "/")+path, body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Authorization", bearer)
			res, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(res.Body)
			if err := errors.Join(err, res.Body.Close()); err != nil {
				t.Fatal(err)
			}
			return res.StatusCode, res.Request.URL.Path + " " + string(text)
		}
		expect := func(what string, status int, text string, wantStatus int, says string) {
			t.Helper()
			if status != wantStatus || !strings.Contains(text, says) {
				t.Errorf("%s: %d %.300s, want %d with %q", what, status, text, wantStatus, says)
			}
		}
		status, text := ask("/about", nil, "")
		expect("page before log-in", status, text, 200, "/login ")
		status, text = ask("/healthz", nil, "")
		expect("health", status, text, 200, "ok")
		status, text = ask("/metrics", nil, "")
		expect("metrics", status, text, 401, "desk.metrics_token_file")
		status, text = ask("/metrics", nil, "Bearer "+token)
		expect("metrics with the token", status, text, 200, "winnow_build_info")
		status, text = ask("/login", url.Values{"name": {"admin"}, "password": {"guessed at random"}}, "")
		expect("wrong password", status, text, 403, "The name or the password is wrong.")
		status, text = ask("/login", url.Values{"name": {"admin"}, "password": {password}, "next": {"/about"}}, "")
		expect("log-in", status, text, 200, "/about ")
		if cookies := jar.Cookies(base); len(cookies) != 1 || cookies[0].Name != "__Host-winnow" {
			t.Errorf("cookies %v", cookies)
		}
		status, text = ask("/metrics", nil, "")
		expect("metrics with a session", status, text, 200, "winnow_build_info")
		status, text = ask("/logout", url.Values{}, "")
		expect("log-out", status, text, 200, "/login ")
		status, text = ask("/about", nil, "")
		expect("page after log-out", status, text, 200, "/login ")
		status, text = ask("/api/v1/campaigns", nil, "")
		expect("API without a token", status, text, 401, "winnow token add")
		secret := addToken(t, cfg.Desk.UsersFile)
		status, text = ask("/api/v1/status", nil, "Bearer "+secret)
		expect("status with a token", status, text, 200, `"engine_up":true`)
		expect("status with a token", status, text, 200, `"reader":{"kind":"token","name":"nightly","role":"viewer"}`)
		status, text = ask("/api/v1/campaigns", nil, "Bearer "+secret)
		expect("campaigns with a token", status, text, 200, `{"campaigns":[`)
		status, text = ask("/about", nil, "Bearer "+secret)
		expect("page with a token", status, text, 200, "/login ")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	audited, err := os.ReadFile(filepath.Join(cfg.DataDir, "desk-audit.jsonl"))
	if err != nil || strings.Count(string(audited), "\n") != 3 || strings.Contains(string(audited), "lantern") {
		t.Errorf("the audit log holds %s, %v", audited, err)
	}
	if note, err := a.CheckAccess(); err != nil || !strings.HasPrefix(note, "1 user(s) of") || !strings.HasSuffix(note, "programs with 1 token(s)") {
		t.Errorf("after the start: %q, %v", note, err)
	}
	// A user who is there already keeps the password they have.
	before, err := os.ReadFile(cfg.Desk.UsersFile)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Desk.FirstPassword = "orchard kettle ninety snow"
	if a, err = app.New(cfg, deps); err != nil {
		t.Fatal(err)
	}
	if err := a.Run(t.Context(), role, func(context.Context, *app.Running) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(cfg.Desk.UsersFile); err != nil || string(after) != string(before) {
		t.Errorf("the second start changed the users: %v", err)
	}
	l, err := user.Load(cfg.Desk.UsersFile)
	if u, ok := l.Find("admin"); err != nil || !ok || u.Role != user.Admin || !u.Fits(password) {
		t.Errorf("the first user is %v, %v", u.Role, err)
	}
}
