package coordination

import "math"

// tide is what is known of a flood.
type tide struct {
	mean  [strata]float64 // accounts expected within the window
	peak  [strata]int     // accounts within the densest window; 0: not part of it
	total [strata]float64 // posts of each stratum when it ended
}

// bits is the surprise of a flood: that of each stratum's arrivals.
func (t *tide) bits() float64 {
	bits := 0.0
	for s, k := range t.peak {
		if k > 0 {
			bits += rateBits(k, t.mean[s])
		}
	}
	return bits
}

// homely are the campaign's own people in its own words.
const homely = ofRegulars | knownWords | knownPairs

// foreign is what of that newcomers earned, or words the campaign is not talked
// about in. When all its regulars speak up at once in their own words, something
// has happened to talk about: without any of the others that is no flood.
func (t *tide) foreign() float64 {
	bits := 0.0
	for s, k := range t.peak {
		if k > 0 && stratum(s)&homely != homely {
			bits += rateBits(k, t.mean[s])
		}
	}
	return bits
}

// strange is what of that was earned by phrases the campaign is not talked about
// in.
func (t *tide) strange() float64 {
	bits := 0.0
	for s, k := range t.peak {
		if k > 0 && stratum(s)&knownPairs == 0 {
			bits += rateBits(k, t.mean[s])
		}
	}
	return bits
}

// stratumBits is what a member's own group earned for it.
func (t *tide) stratumBits(s stratum) float64 {
	if t.peak[s] == 0 {
		return 0
	}
	return math.Log2(float64(t.peak[s]) / t.mean[s])
}
