// Package raid plans further attacks, of kinds that the story of #Baku2015 has
// not: rings, floods, changed copies, and groups that drip.
//
// It owns what a raid is (its size, its speed, the pool of accounts it draws
// from) and which posts it makes. Sizes and spans are those of the traces that
// the literature describes: rings of reposts and copied bursts as among the
// accounts that X withdrew (Linvill and Warren 2020), floods of unique texts as
// in ephemeral astroturfing (Elmas, Overdorf, Özkalay, Aberer 2021).
//
// It does not write texts, which is package render's, and does not decide how
// many raids a story has.
package raid
