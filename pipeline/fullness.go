package pipeline

import (
	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
)

// fullness shows how full the bounded structures are that one campaign at a time
// is looked at with: of all campaigns of a pass the fullest counts, so that a large
// one does not hide behind the small one after it.
type fullness struct {
	entries, limits *prometheus.GaugeVec
	hits            *prometheus.CounterVec

	fresh bool // no campaign was seen in this pass
	most  map[string]int
}

// newFullness makes metrics whose names begin with a prefix. Sizes, hits and
// limits have one entry for each structure.
func newFullness(prefix, of string, sizes map[string]int, hits map[string]uint64, limits map[string]int) *fullness {
	label := []string{"structure"}
	f := &fullness{
		entries: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: prefix + "_entries",
			Help: "Entries in each bounded structure of " + of + ": those of the campaign of the last pass that had most.",
		}, label),
		limits: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: prefix + "_entries_limit",
			Help: "The bound of each structure of " + of + ", as far as it is configured.",
		}, label),
		hits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: prefix + "_limited_total",
			Help: "Times a campaign was looked at while a structure of " + of + " had no room for all of it, by structure.",
		}, label),
		most: make(map[string]int),
	}
	for structure := range sizes {
		f.entries.WithLabelValues(structure)
	}
	for structure := range hits {
		f.hits.WithLabelValues(structure)
	}
	for structure, n := range limits {
		f.limits.WithLabelValues(structure).Set(float64(n))
	}
	return f
}

func (f *fullness) register(reg prometheus.Registerer) { reg.MustRegister(f.entries, f.limits, f.hits) }

// begin is called when a pass over all campaigns begins.
func (f *fullness) begin() { f.fresh = true }

// observe is called after a campaign was looked at.
func (f *fullness) observe(sizes map[string]int, hits map[string]uint64) {
	if f.fresh {
		f.fresh = false
		clear(f.most)
	}
	for structure, n := range sizes {
		f.most[structure] = max(f.most[structure], n)
		f.entries.WithLabelValues(structure).Set(float64(f.most[structure]))
	}
	for structure, n := range hits {
		if n > 0 {
			f.hits.WithLabelValues(structure).Inc()
		}
	}
}

func detectorSizes(s coordination.Stats) map[string]int {
	return map[string]int{
		"pending": s.Pending, "known_posts": s.KnownPosts, "journal": s.Journal, "accounts": s.Accounts, "objects": s.Objects,
		"pairs": s.Pairs, "edges": s.Edges, "bursts": s.Bursts, "members": s.Members, "evidence": s.Evidence, "labels": s.Labels,
		"texts": s.Texts, "own_posts": s.OwnPosts, "reviews": s.Reviews, "groups": s.Groups, "enrolled": s.Enrolled,
	}
}

func detectorHits(s coordination.Stats) map[string]uint64 {
	return map[string]uint64{
		"pending": s.PendingForced, "known_posts": s.KnownPostsForgotten, "pairs": s.PairsForgotten + s.PairsRefused,
		"edges": s.EdgesRefused, "bursts": s.BurstsRefused, "members": s.MembersRefused, "evidence": s.EvidenceRefused,
		"labels": s.LabelsDropped, "declared": s.DeclaredIgnored, "texts": s.TextsForgotten, "own_posts": s.OwnPostsRefused,
	}
}

func detectorLimits() map[string]int {
	l := coordination.Limits{}.WithDefaults()
	return map[string]int{
		"pending": l.Pending, "known_posts": l.Posts, "journal": l.Journal, "accounts": l.Accounts, "objects": l.Objects,
		"pairs": l.Pairs, "edges": l.Edges, "bursts": l.Bursts, "members": l.Members, "evidence": l.Evidence, "labels": l.Labels,
		"texts": l.Texts,
	}
}

func trackerSizes(s change.Stats) map[string]int {
	return map[string]int{
		"recent": s.Recent, "names": s.Names, "accounts": s.Accounts, "tags": s.Tags, "changes": s.Changes,
	}
}

func trackerHits(s change.Stats) map[string]uint64 {
	return map[string]uint64{
		"pending": s.PendingForced, "recent": s.RecentForced, "accounts": s.AccountsForgotten, "tags": s.TagsReplaced, "changes": s.ChangesDropped,
	}
}

func trackerLimits() map[string]int {
	l := change.Limits{}.WithDefaults()
	return map[string]int{"recent": l.Recent, "accounts": l.Accounts, "tags": l.Tags, "changes": l.Changes}
}
