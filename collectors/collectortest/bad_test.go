package collectortest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/collectortest"
	"winnow/pipeline/post"
)

// bad is a source with a mistake: what its Stream does, or what it says to Out.
type bad struct {
	collectors.Source
	stream func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error
	out    func(collectors.Out) collectors.Out
	info   func(*collectors.Info)
}

func (b bad) Info() collectors.Info {
	i := b.Source.Info()
	if b.info != nil {
		b.info(&i)
	}
	return i
}

func (b bad) Stream(ctx context.Context, resume []byte, out collectors.Out) error {
	if b.out != nil {
		out = b.out(out)
	}
	if b.stream != nil {
		return b.stream(ctx, b.Source, resume, out)
	}
	return b.Source.Stream(ctx, resume, out)
}

// deliverer changes what is delivered; the rest of Out is as it was.
type deliverer struct {
	collectors.Out
	deliver func(next collectors.Out, d collectors.Delivery) error
}

func (d deliverer) Deliver(x collectors.Delivery) error { return d.deliver(d.Out, x) }

// delivering is a source that changes its deliveries.
func delivering(change func(next collectors.Out, d collectors.Delivery) error) bad {
	return bad{out: func(o collectors.Out) collectors.Out { return deliverer{o, change} }}
}

// eachPost changes each post of a delivery.
func eachPost(change func(p *post.Post)) bad {
	return delivering(func(next collectors.Out, d collectors.Delivery) error {
		d.Posts = slices.Clone(d.Posts)
		for i := range d.Posts {
			change(&d.Posts[i])
		}
		return next.Deliver(d)
	})
}

// early calls Live as soon as it is made.
type early struct{ collectors.Out }

func (e early) Live(time.Time) {}

// again calls Stream in a loop until ctx ends or stop says so, as a client does
// that owns its reconnecting.
func again(stop func(error) bool) func(context.Context, collectors.Source, []byte, collectors.Out) error {
	return func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
		for {
			err := inner.Stream(ctx, resume, out)
			if ctx.Err() != nil || errors.Is(err, collectors.ErrFull) || stop(err) {
				return err
			}
		}
	}
}

func cause(err error) post.Cause {
	var f *collectors.Fault
	if errors.As(err, &f) {
		return f.Cause
	}
	return ""
}

// Each mistake that collectors are known for is found, by the case that is
// there for it, and without a sound source beside it being blamed.
func TestBadSourcesAreCaught(t *testing.T) {
	var posts, made atomic.Int64
	for _, c := range []struct {
		name  string
		bad   func(t *testing.T) bad
		cases []string
		says  string
	}{
		{
			name: "loses every tenth post",
			bad: func(*testing.T) bad {
				return delivering(func(next collectors.Out, d collectors.Delivery) error {
					if len(d.Posts) > 0 && posts.Add(1)%10 == 0 {
						return nil
					}
					return next.Deliver(d)
				})
			},
			cases: []string{"posts", "slow log"},
			says:  "not in the log",
		},
		{
			name: "moves its cursor without the post",
			bad: func(*testing.T) bad {
				return delivering(func(next collectors.Out, d collectors.Delivery) error {
					_ = next.Deliver(collectors.Delivery{Cursor: d.Cursor})
					if made.Add(1)%3 == 0 {
						return &collectors.Fault{Cause: post.Network, Err: errors.New("forgot one")}
					}
					return next.Deliver(d)
				})
			},
			cases: []string{"posts"},
			says:  "log",
		},
		{
			name: "connects again by itself, at once",
			bad:  func(*testing.T) bad { return bad{stream: again(func(error) bool { return false })} },
			cases: []string{
				"end after one post, again and again", "401", "401 in the middle", "429 with a reset", "faults have causes",
			},
			says: "",
		},
		{
			name: "tries again when it is refused",
			bad: func(*testing.T) bad {
				return bad{stream: func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					err := inner.Stream(ctx, resume, out)
					if cause(err) == post.Unauthorised {
						return &collectors.Fault{Cause: post.Network, Err: errors.New("something went wrong")}
					}
					return err
				}}
			},
			cases: []string{"401", "403", "401 in the middle", "faults have causes"},
			says:  "",
		},
		{
			name: "does not tell when to try again",
			bad: func(*testing.T) bad {
				return bad{stream: func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					err := inner.Stream(ctx, resume, out)
					if cause(err) == post.RateLimited {
						return &collectors.Fault{Cause: post.RateLimited, Err: errors.New("too much")}
					}
					return err
				}}
			},
			cases: []string{"429 with a reset", "faults have causes"},
			says:  "",
		},
		{
			name: "tells its token",
			bad: func(*testing.T) bad {
				return bad{stream: func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					err := inner.Stream(ctx, resume, out)
					return &collectors.Fault{Cause: cause(err), Advice: "look", Err: fmt.Errorf("with token %s: %w", secret, err)}
				}}
			},
			cases: []string{"401", "503", "faults have causes"},
			says:  "secret 1",
		},
		{
			name: "gives up",
			bad: func(*testing.T) bad {
				return bad{stream: func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					err := inner.Stream(ctx, resume, out)
					return &collectors.Fault{Cause: post.Misconfigured, Advice: "look", Err: err}
				}}
			},
			cases: []string{"cut", "clean end", "503", "connection refused"},
			says:  "",
		},
		{
			name: "says that it is alive when it is not",
			bad: func(*testing.T) bad {
				return bad{stream: func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					stop := make(chan struct{})
					stopped := make(chan struct{})
					go func() {
						defer close(stopped)
						beat := time.NewTicker(50 * time.Millisecond)
						defer beat.Stop()
						for {
							select {
							case <-beat.C:
								out.Alive()
							case <-stop:
								return
							}
						}
					}()
					defer func() { close(stop); <-stopped }()
					return inner.Stream(ctx, resume, out)
				}}
			},
			cases: []string{"stall"},
			says:  "was not noticed",
		},
		{
			name: "counts posts as signs of life, and not bytes",
			bad: func(*testing.T) bad {
				return bad{out: func(o collectors.Out) collectors.Out { return mute{o} }}
			},
			cases: []string{"quiet is no stall"},
			says:  "did not last",
		},
		{
			name:  "never says that it is live",
			bad:   func(*testing.T) bad { return bad{out: func(o collectors.Out) collectors.Out { return early{o} }} },
			cases: []string{"posts"},
			says:  "the source is live",
		},
		{
			name: "says that it is live before it is",
			bad: func(*testing.T) bad {
				return bad{stream: func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					out.Live(time.Time{})
					return inner.Stream(ctx, resume, out)
				}}
			},
			cases: []string{"faults have causes"},
			says:  "no stream",
		},
		{
			name: "leaves a goroutine",
			bad: func(t *testing.T) bad {
				end := make(chan struct{})
				t.Cleanup(func() { close(end) })
				return bad{stream: func(ctx context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					go func() { <-end }()
					return inner.Stream(ctx, resume, out)
				}}
			},
			cases: []string{"posts", "ends with its context"},
			says:  "goroutines are left",
		},
		{
			name: "does not mind its context",
			bad: func(t *testing.T) bad {
				ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 1500*time.Millisecond)
				t.Cleanup(cancel)
				return bad{stream: func(_ context.Context, inner collectors.Source, resume []byte, out collectors.Out) error {
					return inner.Stream(ctx, resume, out)
				}}
			},
			cases: []string{"ends with its context"},
			says:  "did not return",
		},
		{
			name: "goes on when the buffer is full",
			bad: func(*testing.T) bad {
				return delivering(func(next collectors.Out, d collectors.Delivery) error {
					_ = next.Deliver(d)
					return nil
				})
			},
			cases: []string{"ends when the buffer is full"},
			says:  "",
		},
		{
			name: "drops deletions",
			bad: func(*testing.T) bad {
				return delivering(func(next collectors.Out, d collectors.Delivery) error {
					d.Deletions = nil
					return next.Deliver(d)
				})
			},
			cases: []string{"deletion", "deletion before its post"},
			says:  "the deletion is in the log",
		},
		{
			name: "names deletions otherwise than posts",
			bad: func(*testing.T) bad {
				return eachPost(func(p *post.Post) { p.NativeID = "other-" + p.NativeID })
			},
			cases: []string{"deletion", "deletion before its post"},
			says:  "",
		},
		{
			name: "drops edits",
			bad: func(*testing.T) bad {
				return eachPost(func(p *post.Post) { p.EditedAt = time.Time{}; p.Text = "#line" })
			},
			cases: []string{"edit", "posts"},
			says:  "",
		},
		{
			name: "gives a post a new id each time",
			bad: func(*testing.T) bad {
				return eachPost(func(p *post.Post) {
					if strings.HasPrefix(p.Text, "post 2") {
						p.ID = fmt.Sprintf("%s?n=%d", p.ID, made.Add(1))
					}
				})
			},
			cases: []string{"posts", "duplicates"},
			says:  "",
		},
		{
			name:  "hands over what cannot be taken in",
			bad:   func(*testing.T) bad { return eachPost(func(p *post.Post) { p.Text += "\x00" }) },
			cases: []string{"posts"},
			says:  "cannot be taken in",
		},
		{
			name: "carries the evidence of another post",
			bad: func(*testing.T) bad {
				return eachPost(func(p *post.Post) { p.Raw = []byte(`{"kind":"post","id":"1"}`) })
			},
			cases: []string{"posts"},
			says:  "not what it came in",
		},
		{
			name:  "carries no evidence",
			bad:   func(*testing.T) bad { return eachPost(func(p *post.Post) { p.Raw = nil }) },
			cases: []string{"posts"},
			says:  "does not carry",
		},
		{
			name:  "tells its token in the evidence",
			bad:   func(*testing.T) bad { return eachPost(func(p *post.Post) { p.Query += secret }) },
			cases: []string{"posts"},
			says:  "carries a secret",
		},
		{
			name:  "carries evidence that nobody keeps",
			bad:   func(*testing.T) bad { return eachPost(func(p *post.Post) { p.Received([]byte("x"), "y") }) },
			cases: []string{"duplicates"},
			says:  "no evidence is kept",
		},
		{
			name: "says nothing of itself",
			bad: func(*testing.T) bad {
				return bad{info: func(i *collectors.Info) {
					i.Name = "line/" + secret
					i.Stall, i.Ladder = 0, collectors.Ladder{}
				}}
			},
			cases: []string{"info"},
			says:  "",
		},
	} {
		for _, name := range c.cases {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				said := collectortest.Findings(t, name, subject(t, true, true, func(inner collectors.Source) collectors.Source {
					b := c.bad(t)
					b.Source = inner
					return b
				}), 700*time.Millisecond)
				if len(said) == 0 {
					t.Fatal("nothing was found")
				}
				if all := strings.Join(said, "\n"); !strings.Contains(all, c.says) {
					t.Errorf("found, but not that %q:\n%s", c.says, all)
				}
			})
		}
	}
}

// mute passes no signs of life on but posts.
type mute struct{ collectors.Out }

func (mute) Alive() {}

// Deliver is what a naive watchdog counts.
func (m mute) Deliver(d collectors.Delivery) error {
	m.Out.Alive()
	return m.Out.Deliver(d)
}

// What a sound source says in the same cases is nothing, so that what the table
// above finds is due to the mistakes.
func TestSoundSourceIsNotBlamed(t *testing.T) {
	for _, name := range []string{"posts", "401", "stall"} {
		if said := collectortest.Findings(t, name, subject(t, true, true, same), 5*time.Second); len(said) > 0 {
			t.Errorf("%s: %s", name, strings.Join(said, "\n"))
		}
	}
}
