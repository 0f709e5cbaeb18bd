package coordination

import (
	"strconv"
	"time"
)

// Parameter is a number that findings depend on, for those who compute them again.
// docs/detection.md tells where each comes from.
type Parameter struct{ Name, Value, Means string }

// Parameters are those that the detector has where an operator sets none, in the order
// of the page on the method.
func Parameters() []Parameter {
	c := Config{}.withDefaults()
	ms := func(n int64) string { return (time.Duration(n) * time.Millisecond).String() }
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return []Parameter{
		{"window", c.Window.String(), "the longest time between two actions that count together"},
		{"window of minutes", c.MinutesWindow.String(), "the same for slower copies"},
		{"window of hours", c.HoursWindow.String(), "the same for the slowest copies"},
		{"window of a pile-on", c.PileOnWindow.String(), "the same for accounts that address one account"},
		{"objects of a pair", strconv.Itoa(minObjects), "on so many objects two accounts must meet"},
		{"bits of a pair", number(edgeBits), "what two accounts must earn to hang together"},
		{"bits of a lone pair", number(loneEdgeBits), "what they must earn if one hangs by this pair alone"},
		{"accounts of a community", strconv.Itoa(minCommunity), "so many accounts pairs must hold together"},
		{"accounts of a burst", strconv.Itoa(minBurst), "so many accounts within the window are followed"},
		{"accounts of a pile-on", strconv.Itoa(minPileOn), "the same for a pile-on"},
		{"accounts of a flood", strconv.Itoa(minFlood), "so many newcomers within a minute are followed"},
		{"accounts of a run", strconv.Itoa(minRun), "so many accounts that pass one thing on, one soon after the other, are followed"},
		{"bits of a burst", number(burstBits), "what a burst must earn beyond the number of chances it had"},
		{"bits of a run", number(runMargin), "the same for a run and the silence after it"},
		{"bits of high confidence", number(highBits), "what evidence must earn beyond what it had to"},
		{"delay share", number(delayShare), "the share of an object's actions that lie in a window when each account acts in its own time"},
		{"least chance of a meeting", number(leastChance), "no meeting of two accounts is given less"},
		{"bits of a word", number(wordBits), "what each word of a text makes it harder to write by chance"},
		{"pause within a run", ms(runGap), "the longest"},
		{"length of a run", ms(runSpan), "the longest"},
		{"silence after a run", ms(runQuiet), "what must follow before a run is told from a cascade that goes on"},
		{"history of a flood", ms(floodHistory), "how long a campaign must be known before its rhythm is"},
		{"flood over expected", number(floodRatio), "how many times as many accounts as expected a group must bring"},
	}
}
