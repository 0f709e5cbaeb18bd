// Package changed tells people when the volume of a campaign changed, who held
// its tags before and after, and what was talked about then.
//
// It owns the choice of the change that is told first, the words for what became
// of those who had been there, the numbers that stand beside each other, and what
// else happened in that time. How changes are found, and the rule behind each word,
// belong to package change of the pipeline; docs/changes.md explains both. The
// pages themselves are package desk's.
package changed
