package coordination

import (
	"time"

	"winnow/pipeline/post"
)

// Config says what a Detector looks at. The zero value of every field but
// Campaign is a usable default.
type Config struct {
	// Campaign is the campaign's name; it goes into findings and their ids.
	Campaign string
	// Protected are the account ids or handles, in lower case and without a
	// leading "@", of the accounts that the campaign looks after.
	Protected []string
	// Declared returns the name of the declared action that a post matches, or
	// "". Nil means that nothing was declared. It is called once for each post
	// that Add accepts.
	Declared func(*post.Post) string

	// Window is how close two actions must be to count together; 60 s unless
	// set, which is what the co-share literature uses most and what the
	// constants in chance.go were measured with. In whole milliseconds.
	Window time.Duration
	// MinutesWindow and HoursWindow are longer ones, for texts and images that
	// are posted again: 5 and 100 minutes unless set.
	MinutesWindow, HoursWindow time.Duration
	// PileOnWindow is the same for replies and mentions; 10 minutes unless
	// set: a crowd that is called together needs minutes to write.
	PileOnWindow time.Duration
	// Lateness is how late a post may come and still be taken in order of
	// time; 5 minutes unless set.
	Lateness time.Duration

	// Limits bound the memory.
	Limits Limits
}

// Limits bound every structure of a Detector. Zero asks for the default. Where
// a limit is hit, Stats says how often, and the comment here says what is lost.
type Limits struct {
	// Pending is how many posts wait for late ones; default 131,072. Beyond
	// it the earliest is taken at once, and posts before it count as late.
	Pending int
	// Posts is how many post ids are remembered to know duplicates by;
	// default 524,288,
	// and at least four times Pending. A duplicate that comes later than this many posts, with
	// another time than the first, would count again.
	Posts int
	// Journal is how many actions are remembered; default 524,288. Co-actions
	// reach back as far as it does, edges and bursts further.
	Journal int
	// Accounts and Objects are how many of each have a row; default twice
	// Journal and enough for all evidence (smaller values are raised to that).
	// A row without an action in the journal and without evidence is reused.
	Accounts, Objects int
	// Pairs is how many pairs of accounts have evidence below an edge's;
	// default 524,288. The pairs that met least recently are forgotten.
	Pairs int
	// Edges is how many pairs hold a community together; default 65,536.
	// Beyond it no new edge is formed.
	Edges int
	// Bursts is how many bursts are followed or kept at a time; default
	// 16,384. Beyond it no new one is opened.
	Bursts int
	// Members is how many accounts all bursts together hold; default 262,144,
	// and MaxBurst in one of them. Further ones are left out.
	Members int
	// Evidence is how many co-actions of edges are itemised; default 262,144,
	// and MaxEdgeEvidence for one edge. Further ones are counted, not listed.
	Evidence int
	// Texts is how many texts are remembered to know copies by; default
	// 131,072. Beyond it the one that has gone longest without a copy is
	// forgotten: its next copy counts as new.
	Texts int
	// Labels is how many objects keep what they are shown by; default 32,768.
	// Beyond it the oldest without evidence is shown by its id instead.
	Labels int
}

const (
	// MaxBurst is the most accounts that one burst lists.
	MaxBurst = 10_000
	// MaxEdgeEvidence is the most co-actions that one edge lists.
	MaxEdgeEvidence = 32
	// maxPartners is how many earlier actors on an object an action looks at,
	// the latest first, and maxMeetings with how many of them it makes a pair:
	// what makes a hot object cost no more than a quiet one.
	maxPartners, maxMeetings = 16, 8
	// maxMade is how many objects of one account count as chances there were: it
	// cannot make what others do together less of a surprise by making many.
	maxMade = 1000
	// maxRecall is how far back an account's own actions are looked through.
	maxRecall = 32
	// maxID is the longest object id, in bytes, that is followed. Longer ones
	// are hostile or broken, and would let memory grow.
	maxID = 2048
	// maxLabel is the longest label in runes.
	maxLabel = 300
	// maxSlack is how vague the time of a post may be, in seconds, to count as
	// evidence: a sixth of Window. See Detector.Add.
	maxSlack = 10
	// maxDeclared is how many names of declared actions are told apart.
	maxDeclared = 255
)

func (c Config) withDefaults() Config {
	orDuration(&c.Window, 60*time.Second)
	orDuration(&c.MinutesWindow, 5*time.Minute)
	orDuration(&c.HoursWindow, 100*time.Minute)
	orDuration(&c.PileOnWindow, 10*time.Minute)
	orDuration(&c.Lateness, 5*time.Minute)
	c.Limits = c.Limits.WithDefaults()
	return c
}

// WithDefaults returns the limits that a Detector keeps to.
func (l Limits) WithDefaults() Limits {
	orInt(&l.Pending, 1<<17)
	orInt(&l.Posts, 1<<19)
	l.Posts = max(l.Posts, 4*l.Pending) // those that wait must be known
	orInt(&l.Journal, 1<<19)
	orInt(&l.Pairs, 1<<19)
	orInt(&l.Edges, 1<<16)
	orInt(&l.Bursts, 1<<14)
	orInt(&l.Members, 1<<18)
	orInt(&l.Evidence, 1<<18)
	orInt(&l.Labels, 1<<15)
	orInt(&l.Texts, 1<<17)
	// Rows that must stay are those in the journal and those with evidence;
	// with as many again to choose from, a row to reuse is soon found.
	l.Accounts = max(l.Accounts, 2*(l.Journal+2*l.Members+2*l.Edges))
	l.Objects = max(l.Objects, 2*(l.Journal+l.Bursts+l.Evidence+l.Members))
	return l
}

func orDuration(d *time.Duration, preset time.Duration) {
	if *d < time.Millisecond {
		*d = preset
	}
}

func orInt(n *int, preset int) {
	if *n <= 0 {
		*n = preset
	}
}
