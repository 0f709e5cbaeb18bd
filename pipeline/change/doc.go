// Package change says when the volume of a campaign or of one of its tags
// became unusual for the time of day, who held the tag before and after, and
// what rose and fell in it.
//
// It owns the path from posts to changes: counts by time, what would be usual
// at that time and how far the campaign strays from that by itself, the bits of
// surprise under a stated null model, the accounts and the things talked about
// on both sides of a change, and the sentence that tells a person what was
// seen. It holds its state in bounded memory and is a function of the posts it
// is given and of nothing else: no clock, no randomness.
//
// A change is no reproach. News, a holiday and an attack all change a tag;
// whether accounts acted together is package coordination's question. It does
// not read or write the store and knows nothing of gaps in what was collected.
package change
