package feed

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestClosedLogSaysSo(t *testing.T) {
	l := open(t, Options{Dir: t.TempDir()})
	done := make(chan error)
	reading := make(chan struct{})
	publish(t, l, sampleBatch("archive/a", 1, 0))
	go func() {
		done <- l.Consume(t.Context(), func(context.Context, Message) error {
			close(reading)
			return nil
		})
	}()
	<-reading
	closeLog(t, l)
	if err := <-done; err == nil {
		t.Error("Consume ended without an error although the log was closed under it")
	}
	if err := l.Publish(t.Context(), sampleBatch("archive/a", 1, 1)); !errors.Is(err, ErrClosed) {
		t.Errorf("publish: %v, want ErrClosed", err)
	}
	closeLog(t, l)
}

func TestOptionsThatCannotWork(t *testing.T) {
	file := filepath.Join(t.TempDir(), "missing")
	for name, o := range map[string]Options{
		"neither":       {},
		"small":         {Dir: file, MaxBytes: 1},
		"scheme":        {URL: "http://127.0.0.1"},
		"parameter":     {URL: "nats://127.0.0.1:1?crds=x"},
		"missing creds": {URL: "nats://127.0.0.1:1?creds=" + file},
		"missing ca":    {URL: "tls://127.0.0.1:1?ca=" + file},
		"half a pair":   {URL: "tls://127.0.0.1:1?cert=" + file},
		"nobody there":  {URL: "nats://peter:hunter2@127.0.0.1:1"},
	} {
		l, err := Open(t.Context(), o)
		if err == nil {
			closeLog(t, l)
			t.Errorf("%s: opened", name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}

func TestExternalServerWithPassword(t *testing.T) {
	url := externalServer(t, server.Options{Username: "winnow", Password: "hunter2"})
	if l, err := Open(t.Context(), Options{URL: url}); err == nil {
		closeLog(t, l)
		t.Error("opened without a password")
	}
	l := open(t, Options{URL: strings.Replace(url, "nats://", "nats://winnow:hunter2@", 1)})
	publish(t, l, sampleBatch("archive/a", 1, 1))
	wantCursor(t, l, "archive/a", "1")
}

func TestMetricsCountWhatPasses(t *testing.T) {
	reg := prometheus.NewRegistry()
	l := open(t, Options{Dir: t.TempDir(), Registerer: reg, TrimEvery: time.Hour})
	publish(t, l, sampleBatch("archive/a", 3, 0), sampleBatch("archive/a", 4, 1))
	const want = `
# HELP winnow_log_lag_messages Messages not yet acknowledged; NaN if the log does not answer.
# TYPE winnow_log_lag_messages gauge
winnow_log_lag_messages 2
# HELP winnow_log_published_batches_total Batches that the log took.
# TYPE winnow_log_published_batches_total counter
winnow_log_published_batches_total 2
# HELP winnow_log_published_posts_total Posts in the batches that the log took.
# TYPE winnow_log_published_posts_total counter
winnow_log_published_posts_total 7
`
	err := testutil.GatherAndCompare(reg, bytes.NewBufferString(want),
		"winnow_log_lag_messages", "winnow_log_published_batches_total", "winnow_log_published_posts_total")
	if err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
	if _, err := Open(t.Context(), Options{Dir: t.TempDir(), Registerer: reg}); err == nil {
		t.Error("two logs share one registry")
	}
}
