// Package coordination finds accounts that act together more than chance
// explains, and says so with evidence.
//
// It owns the path from actions to findings: which actions coincide, how many
// bits of surprise that is worth under a stated null model, which accounts
// hang together by it, and the sentence that tells a person what was seen. It
// holds its state in bounded memory and is a function of the posts it is
// given, in order of time, and of nothing else: no clock, no randomness.
//
// It says "coordinated", which can be measured, and never "inauthentic". It
// does not read or write the store, and does not decide what a declared action
// is (package campaign does); it only reports which findings match one.
package coordination
