// Package scenario invents a hashtag under attack: posts for `winnow demo`, and,
// because it labels every account, the oracle for tests and benchmarks.
//
// The story is that of #Baku2015: people talk about the European Games, rights
// groups use the official tag to talk about political prisoners, a picture goes
// viral, supporters hold the day of action they declared, and then come a flood
// of copied praise and a pile-on against one of the protected people.
//
// It owns the plot: the planted acts (the viral moment, the day of action, the
// copies, the pile-on), their times and sizes, the labels, and the cursor. The
// organic talk around it is package talk's, the people are cast's, the texts are
// in words, and render makes posts of it all. A Config may add attacks of other
// kinds (package raid) and organic moments (package crowd), planned on the same
// stage; package story has stories by name, grid draws whole ones from a seed, and
// export writes them as tables. Nothing is taken from real life.
//
// It does not judge anything: what is coordinated is known here because it was
// planted, and package coordination never sees these labels.
//
// A Scenario is a pure function of its Config. It is a stream: memory is bounded
// whatever the length, so that benchmarks may ask for a hundred million posts.
// First every post is planned (who, when, what about: an event of a few words),
// then, only where it is wanted, rendered into text and ids. This is why resuming
// from a cursor is cheap: what lies before it is planned again but not rendered.
package scenario
