package coordination

import "math"

// The null models: what chance would do. docs/detection.md explains them; the
// constants were measured there, with the command that repeats it.
const (
	// shapeA and shapeB are the Beta distribution of the share of an object's
	// actions that fall into the window around one of them, if each account
	// acts in its own time. People follow the delay curve of their kind of
	// object, which starts steep: the mean over the actions of three organic
	// collections is 0.055 (reposts of 41,426 accounts in a week of breaking
	// news), 0.066 (reposts under four conference tags) and 0.067 (links under
	// these). The spread is such that no object of the three, taken by its
	// densest minute, comes near the threshold of a burst.
	shapeA, shapeB = 2, 31
	// delayShare is its mean, about 0.06.
	delayShare = float64(shapeA) / (shapeA + shapeB)
	// leastChance is the least chance that any co-action is given. Two people
	// of a kind are awake, online and reading the same at the same time more
	// often than an object's own curve says.
	leastChance = 0.02
	// dullChance is the chance above which a meeting is not worth keeping.
	dullChance = 0.25
	// sessionChance is the chance of another co-action by passing on, if two
	// accounts had one within the last sessionLength: both sit there scrolling
	// through the same posts.
	sessionChance = 0.3
	sessionLength = 60 * 60 // seconds
	// leastCompany is the least chance that an action has company by making the
	// same thing.
	leastCompany = 0.01
	// wordBits is what each word of a text makes it harder to write by
	// chance. English text has some 8 bits a word for who knows nothing; who
	// knows the occasion guesses far better, and best who answers the same
	// post or account as others (answerBits).
	wordBits, answerBits = 2, 1
	// occasionWord is how many bits each word of a text makes it harder for an
	// occasion to put it into everybody's mouth; a third of them where all answer the same post.
	occasionWord = 3.5
	// The silence after a run: see stopBits. stopScale is in milliseconds.
	stopScale, stopLongest, stopSize, stopPower, stopMost = 160_000, 15, 5.5, 2.4, 6
	// newsWeight is how firmly the share of newcomers is known: see newsBits.
	newsWeight = 2
)

// Thresholds, in bits. 20 bits is a chance of one in a million, and 10 one in a
// thousand.
const (
	// edgeBits is what two accounts must earn to hang together.
	edgeBits = 20
	// loneEdgeBits is what they must earn if one of them hangs by this edge
	// alone, so that communities do not grow into chains.
	loneEdgeBits = 2 * edgeBits
	// burstBits is what a burst must earn beyond the number of chances it had
	// (log2 of how many objects of its kind were there to burst, of which at
	// least minTrials are assumed).
	burstBits = 10
	minTrials = 1024
	// scaleBits is what copies must earn for being looked for at three paces.
	scaleBits = 1.6
)

// Sizes.
const (
	// minObjects is how many objects two accounts must meet on.
	minObjects = 2
	// minCommunity is how many accounts edges must hold together.
	minCommunity = 3
	// minBurst is how many accounts within the window make a burst worth
	// following, minSlowBurst and minPileOn are the same for the longer
	// windows. Not above maxPartners.
	minBurst     = 5
	minSlowBurst = 5
	minPileOn    = 10
	// joinTime is how long before a post somebody else must have acted on one
	// of its objects for it to join in, in milliseconds.
	joinTime = 10 * 60 * 1000
)

// delayChance is the chance that an action on an object meets a given one of
// those before it within the window: the posterior mean of the share above, once
// recent of its past actions are seen to lie in the window. An object that is
// widely spread says much, one that is all in the window less and less.
func delayChance(recent, past float64) float64 {
	p := (recent + shapeA) / (past + shapeA + shapeB)
	return min(max(p, leastChance), 0.99)
}

// wordChance is the chance that somebody else happens on the same words.
func wordChance(d *doing) float64 {
	bits := float64(wordBits)
	switch {
	case d.kind != aText:
		return 0
	case d.answers:
		bits = answerBits
	}
	return math.Exp2(-bits * float64(d.words))
}

// occasionBits is the most that a burst of copies of a text can earn. However
// many say "let the games begin" at once: that something makes them all say it
// is never less likely than its few words allow.
func occasionBits(d *doing) float64 {
	if d.kind != aText {
		return math.Inf(1)
	}
	if d.replies {
		return occasionWord / 3 * float64(d.words)
	}
	return occasionWord * float64(d.words)
}

// pairBits is the surprise of n meetings on shared objects, of which chance
// would give expected: an upper bound on the chance of so many independent
// events of whatever single chances (Hoeffding 1963, theorem 1).
func pairBits(n, shared int, expected float64) float64 {
	if n > shared {
		shared = n
	}
	p := min(expected/float64(shared), 0.999)
	f := float64(n) / float64(shared)
	if f <= p {
		return 0
	}
	d := f * math.Log2(f/p)
	if f < 1 {
		d += (1 - f) * math.Log2((1-f)/(1-p))
	}
	return float64(shared) * d
}

// runBits is the surprise of others joining within the window, if each is
// followed by a further one with chance join: the tail of a geometric
// distribution, which is a Poisson distribution whose rate differs from case to
// case as an exponential one.
func runBits(others int, join float64) float64 {
	return float64(others) * -math.Log2(join)
}

// shareBits is the surprise of peak of an object's n actions within one
// window: the tail of a Beta-binomial distribution for the n-1 others of one of
// them.
func shareBits(peak, n int) float64 {
	if float64(peak-1) <= 0.1*float64(n-1) {
		return 0
	}
	return betaBits(peak-1, n-1, shapeA, shapeB)
}

// newsBits is the surprise of k of a run's n accounts being newcomers, where
// base is the share of newcomers among all who pass something on. Whoever draws
// newcomers draws more of them, so the share differs from object to object as a
// Beta distribution with the weight of newsWeight accounts.
func newsBits(k, n int, base float64) float64 {
	return betaBits(k, n, newsWeight*base, newsWeight*(1-base))
}

// stopBits is the surprise of nobody passing an object on for some time,
// in milliseconds, after k accounts did in a run: what goes on goes on soon, and
// the longer the run the sooner. Fitted to 803 runs in a week of breaking news;
// see docs/detection.md.
func stopBits(k int, silence int64) float64 {
	t := min(float64(silence)/stopScale, stopLongest)
	return min(math.Log2(1+math.Pow(float64(k)/stopSize, stopPower)*t), stopMost)
}

// silenceFor is the least silence for which stopBits earns so many bits after k
// accounts, in milliseconds; beyond any hour if none does.
func silenceFor(k int, bits float64) int64 {
	switch {
	case bits <= 0:
		return 0
	case bits > stopMost:
		return math.MaxInt32
	}
	t := (math.Exp2(bits) - 1) / math.Pow(float64(k)/stopSize, stopPower)
	if t > stopLongest {
		return math.MaxInt32
	}
	return int64(math.Ceil(t*stopScale)) + 1
}

// betaBits is the surprise of at least k of m, where the chance of each differs
// from case to case as a Beta distribution: the tail of a Beta-binomial one.
func betaBits(k, m int, a, b float64) float64 {
	if k < 1 || m < k {
		return 0
	}
	// The first term in logarithms, the others by their ratio.
	lb := func(a, b float64) float64 {
		la, _ := math.Lgamma(a)
		lb, _ := math.Lgamma(b)
		lab, _ := math.Lgamma(a + b)
		return la + lb - lab
	}
	first := -math.Log(float64(m)+1) - lb(float64(k)+1, float64(m-k)+1) + lb(float64(k)+a, float64(m-k)+b) - lb(a, b)
	sum, term := 1.0, 1.0
	for i := k; i < m && term > 1e-9*sum; i++ {
		term *= float64(m-i) / float64(i+1) * (float64(i) + a) / (float64(m-i-1) + b)
		sum += term
	}
	return max(0, -(first+math.Log(sum))/math.Ln2)
}

// rateBits is the surprise of n arrivals where mean are expected, with the same
// distribution as runBits.
func rateBits(n int, mean float64) float64 {
	return runBits(n, mean/(1+mean))
}

// traitBits is the surprise of k of n having a trait that a share of base has.
func traitBits(k, n int, base float64) float64 {
	if k == 0 {
		return 0
	}
	return pairBits(k, n, base*float64(n))
}

// trialBits is what a burst must earn for having had so many chances.
func trialBits(trials uint64) float64 {
	return math.Log2(float64(max(trials, minTrials)))
}
