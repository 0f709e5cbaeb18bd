// Package story names the stories that package scenario can be asked for, so that people
// can practise on one kind of attack at a time, and on days without any.
//
// It owns their names, what each is about in a sentence, and its settings. All but the
// first are short: two days of a small campaign, in which one thing happens. Package grid
// draws stories that nobody chose.
//
// It plans nothing and makes no posts: package scenario does.
package story
