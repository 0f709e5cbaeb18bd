package story

import (
	"strings"

	"winnow/collectors/scenario"
	"winnow/collectors/scenario/crowd"
	"winnow/collectors/scenario/raid"
)

// Default is the name of the whole story of #Baku2015.
const Default = "baku2015"

// Story is a story that can be told.
type Story struct {
	Name string
	// About says what happens, as the end of a sentence.
	About string
	// happens sets what happens, in a story where nothing does.
	happens func(c *scenario.Config)
}

// shortScale is the size of short stories: some two thousand posts, among which what
// happens can be seen by eye.
const shortScale = 0.12

// All are the stories, the default one first.
func All() []Story {
	raided := func(kind raid.Kind) func(*scenario.Config) {
		return func(c *scenario.Config) { c.Raids = []raid.Raid{{Kind: kind, Instances: 2}} }
	}
	return []Story{
		{Name: Default, About: "all of it: talk, a viral moment, a declared day of action, copied praise, a pile-on"},
		{"quiet", "nobody acts together", func(*scenario.Config) {}},
		{"viral", "a post goes viral, news break, people chant: much at once, and no attack", func(c *scenario.Config) {
			c.ViralReposts = 300
			c.Moments = []crowd.Moment{{Kind: crowd.Cascade, Count: 2}, {Kind: crowd.Chant, Count: 1}, {Kind: crowd.News, Count: 1}}
		}},
		{"declared", "supporters hold the day of action that they declared", func(c *scenario.Config) { c.DeclaredAccounts = 0 }},
		{"copies", "the same praise from many accounts within a minute, again and again", func(c *scenario.Config) { c.CopyAccounts = 0 }},
		{"pile-on", "a crowd of accounts turns on one person", func(c *scenario.Config) { c.PileAccounts = 0 }},
		{"floods", "new accounts come at once, each with random words of its own", raided(raid.Flood)},
		{"rings", "accounts repost the same post within minutes", raided(raid.Ring)},
		{"changed-copies", "one text in many wordings within minutes", raided(raid.Mutated)},
		{"slow-copies", "one text in many wordings over hours", raided(raid.SlowMutated)},
		{"slow-rings", "accounts repost the same post over hours, which Winnow cannot tell from chance", raided(raid.SlowRing)},
	}
}

// Named returns the story of a name; false if there is none.
func Named(name string) (Story, bool) {
	for _, s := range All() {
		if s.Name == name {
			return s, true
		}
	}
	return Story{}, false
}

// Names are those of all stories, with commas between them.
func Names() string {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return strings.Join(names, ",")
}

// List has a line for each story.
func List() string {
	var b strings.Builder
	for _, s := range All() {
		b.WriteString("  " + s.Name + strings.Repeat(" ", max(0, 16-len(s.Name))) + s.About + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Config is the setting of the story for a seed, and for a size of which 1 is the story's
// own.
func (s Story) Config(seed uint64, scale float64) scenario.Config {
	if s.happens == nil {
		return scenario.Config{Seed: seed, Scale: scale}
	}
	c := scenario.Config{
		Seed: seed, Days: 2, Scale: shortScale * scale,
		ViralReposts: -1, DeclaredAccounts: -1, CopyAccounts: -1, PileAccounts: -1,
	}
	s.happens(&c)
	return c
}
