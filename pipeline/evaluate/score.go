package evaluate

import (
	"cmp"
	"slices"
	"time"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// Evaluation holds labels and attacks against posts and findings.
type Evaluation struct {
	labels     *Labels
	attacks    *Attacks
	accounts   headcount // with a post
	unlabelled int       // of these, without a label
}

type accountKey struct {
	platform post.Platform
	id       string
}

// New returns an evaluation; labels and attacks may be nil.
func New(labels *Labels, attacks *Attacks) *Evaluation {
	return &Evaluation{labels: labels, attacks: attacks, accounts: newHeadcount()}
}

// See takes note of a post that the detector is given. p is not kept.
func (e *Evaluation) See(p *post.Post) {
	if e.accounts.add(accountKey{p.Platform, p.Account.ID}) && e.labels != nil {
		if l := e.labels.accounts[p.Account.ID]; l != nil {
			l.seen = true
		} else {
			e.unlabelled++
		}
	}
	if e.attacks == nil {
		return
	}
	for _, a := range e.attacks.posts[p.ID] {
		if at := p.PostedAt.UnixMilli(); a.account == p.Account.ID && (a.at == 0 || at < a.at) {
			a.at = at
		}
	}
}

// Accounts is how many accounts have a post.
func (e *Evaluation) Accounts() int { return e.accounts.n }

// Done says that there are no further posts to see, and lets go of the memory
// that knows accounts again.
func (e *Evaluation) Done() { e.accounts.slots = nil }

// Scores are the result of an evaluation. Shares lie between 0 and 1, and are 0
// where there is nothing to take a share of.
type Scores struct {
	// Findings counts all, FindingsHigh those of high confidence.
	Findings     int `json:"findings"`
	FindingsHigh int `json:"findings_high"`
	// AccountsFlagged counts the accounts in any finding that was not declared.
	AccountsFlagged int `json:"accounts_flagged"`

	*AccountScores
	*AttackScores
}

// AccountScores need labels. Accounts without a label are neither right nor
// wrong; labelled ones without a post count as not flagged.
type AccountScores struct {
	// Precision is the coordinated share of the flagged accounts that have a
	// label, Recall the flagged share of the coordinated, F1 the harmonic mean
	// of both.
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	// OrganicFlaggedShare is the flagged share of the organic accounts.
	OrganicFlaggedShare float64 `json:"organic_flagged_share"`
	// RecallByAttack is Recall for the accounts of each kind of attack.
	RecallByAttack map[string]float64 `json:"recall_by_attack"`
	// Coordinated and Organic are how many accounts have each label, and how
	// many of them are flagged.
	Coordinated        int `json:"coordinated_accounts"`
	CoordinatedFlagged int `json:"coordinated_flagged"`
	Organic            int `json:"organic_accounts"`
	OrganicFlagged     int `json:"organic_flagged"`
	// Unlabelled counts accounts with a post and no label, UnlabelledFlagged
	// those of them that are flagged, LabelledUnseen those with a label and no
	// post.
	Unlabelled        int `json:"unlabelled_accounts"`
	UnlabelledFlagged int `json:"unlabelled_flagged"`
	LabelledUnseen    int `json:"labelled_without_posts"`
}

// AttackScores need attacks. An instance of an attack is found if one single
// finding holds at least half of its accounts.
type AttackScores struct {
	// AttacksFound is the share of the instances of each attack that are found.
	AttacksFound map[string]float64 `json:"attacks_found"`
	// Delay is over the fast instances that are found: those whose fifth post
	// comes within five minutes of the first. One that takes an hour to begin
	// cannot be seen as it begins. DelayByAttack is over all of each kind.
	Delay         Delay             `json:"delay_seconds"`
	DelayByAttack map[string]*Delay `json:"delay_by_attack"`
	// PostsUnseen counts coordinated posts that are not among the posts.
	PostsUnseen int `json:"attack_posts_missing"`
}

// Delay is the time of the stream, in seconds, from the fifth coordinated post
// of an instance to the first of its posts that a finding which holds half of
// its accounts rests on, as the detector said at the time; 0 if that came
// before. Instances with fewer than five posts have none.
type Delay struct {
	Median *float64 `json:"median"` // nil if no instance has a delay
	Worst  *float64 `json:"worst"`
	// Found of Instances were found.
	Found     int `json:"found"`
	Instances int `json:"instances"`
}

// Score scores findings.
func (e *Evaluation) Score(findings []coordination.Finding) Scores {
	s := Scores{Findings: len(findings)}
	flagged := make(map[accountKey]struct{})
	for i := range findings {
		f := &findings[i]
		if f.Confidence == coordination.ConfidenceHigh {
			s.FindingsHigh++
		}
		if f.Declared != "" {
			continue
		}
		for j := range f.Accounts {
			flagged[accountKey{f.Accounts[j].Platform, f.Accounts[j].AccountID}] = struct{}{}
		}
	}
	s.AccountsFlagged = len(flagged)
	if e.labels != nil {
		s.AccountScores = e.scoreAccounts(flagged)
	}
	if e.attacks != nil {
		s.AttackScores = e.attacks.score(findings)
	}
	return s
}

func (e *Evaluation) scoreAccounts(flagged map[accountKey]struct{}) *AccountScores {
	s := &AccountScores{RecallByAttack: make(map[string]float64), Unlabelled: e.unlabelled}
	hit := make(map[string]bool) // labels name no platform
	for who := range flagged {
		if _, ok := e.labels.accounts[who.id]; ok {
			hit[who.id] = true
		} else {
			s.UnlabelledFlagged++
		}
	}
	total, found := make(map[string]int), make(map[string]int)
	for id, l := range e.labels.accounts {
		if !l.seen {
			s.LabelledUnseen++
		}
		if l.coordinated {
			s.Coordinated++
		} else {
			s.Organic++
		}
		for _, a := range l.attacks {
			total[a]++
		}
		if !hit[id] {
			continue
		}
		if l.coordinated {
			s.CoordinatedFlagged++
		} else {
			s.OrganicFlagged++
		}
		for _, a := range l.attacks {
			found[a]++
		}
	}
	s.Precision = share(s.CoordinatedFlagged, s.CoordinatedFlagged+s.OrganicFlagged)
	s.Recall = share(s.CoordinatedFlagged, s.Coordinated)
	s.F1 = share(2*s.CoordinatedFlagged, s.CoordinatedFlagged+s.OrganicFlagged+s.Coordinated)
	s.OrganicFlaggedShare = share(s.OrganicFlagged, s.Organic)
	for a, n := range total {
		s.RecallByAttack[a] = share(found[a], n)
	}
	return s
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// foundAt is what became of an instance.
type foundAt struct {
	found bool
	at    int64 // when the first of its posts became evidence, Unix milliseconds; 0 if none did
}

func (a *Attacks) score(findings []coordination.Finding) *AttackScores {
	outcome := make(map[*instance]*foundAt, len(a.instances))
	of := make(map[string][]*instance) // by account
	for _, in := range a.instances {
		outcome[in] = new(foundAt)
		for account := range in.accounts {
			of[account] = append(of[account], in)
		}
	}
	for i := range findings {
		if findings[i].Declared == "" {
			a.match(&findings[i], of, outcome)
		}
	}

	s := &AttackScores{AttacksFound: make(map[string]float64), DelayByAttack: make(map[string]*Delay)}
	var all []float64
	delays := make(map[string][]float64)
	for _, in := range a.instances {
		d := s.DelayByAttack[in.attack]
		if d == nil {
			d = new(Delay)
			s.DelayByAttack[in.attack] = d
		}
		d.Instances++
		first, fifth, unseen := in.fifth()
		fast := fifth != 0 && fifth-first <= fastStart.Milliseconds()
		if fast {
			s.Delay.Instances++
		}
		s.PostsUnseen += unseen
		o := outcome[in]
		if !o.found {
			continue
		}
		d.Found++
		if fast {
			s.Delay.Found++
		}
		if fifth != 0 && o.at != 0 {
			delay := max(0, time.Duration(o.at-fifth)*time.Millisecond).Seconds()
			if fast {
				all = append(all, delay)
			}
			delays[in.attack] = append(delays[in.attack], delay)
		}
	}
	s.Delay.summarise(all)
	for attack, d := range s.DelayByAttack {
		d.summarise(delays[attack])
		s.AttacksFound[attack] = share(d.Found, d.Instances)
	}
	return s
}

// match enters which instances a finding holds half of, and since when. Of
// several findings the first counts.
func (a *Attacks) match(f *coordination.Finding, of map[string][]*instance, outcome map[*instance]*foundAt) {
	held := make(map[*instance]int)
	for i := range f.Accounts {
		for _, in := range of[f.Accounts[i].AccountID] {
			held[in]++
		}
	}
	for in, n := range held {
		if 2*n < len(in.accounts) {
			delete(held, in)
			continue
		}
		outcome[in].found = true
	}
	if len(held) == 0 {
		return
	}
	for i := range f.Posts {
		e := &f.Posts[i]
		if e.DetectedAt.IsZero() {
			continue
		}
		for _, p := range a.posts[e.PostID] {
			if held[p.of] == 0 || p.account != e.AccountID {
				continue
			}
			o, at := outcome[p.of], e.DetectedAt.UnixMilli()
			if o.at == 0 || at < o.at {
				o.at = at
			}
		}
	}
}

// fastStart is the time within which the first five posts of a fast attack come.
const fastStart = 5 * time.Minute

// fifth returns when the first and the fifth coordinated post were posted, in
// Unix milliseconds, 0 if there are fewer, and how many were not seen.
func (in *instance) fifth() (first, at int64, unseen int) {
	var times []int64
	for _, p := range in.posts {
		if p.at == 0 {
			unseen++
			continue
		}
		times = append(times, p.at)
	}
	if len(times) < 5 {
		return 0, 0, unseen
	}
	slices.Sort(times)
	return times[0], times[4], unseen
}

func (d *Delay) summarise(seconds []float64) {
	n := len(seconds)
	if n == 0 {
		return
	}
	slices.SortFunc(seconds, cmp.Compare[float64])
	median := (seconds[(n-1)/2] + seconds[n/2]) / 2
	d.Median, d.Worst = &median, &seconds[n-1]
}
