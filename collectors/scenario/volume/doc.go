// Package volume makes many posts fast: hundreds of millions, of which the
// store is to show how it bears them.
//
// It owns what a store notices of posts: ids in the shapes of three platforms,
// how unevenly tags, accounts and reposts are used, how the hours of a day
// differ, how well texts compress. The same seed makes the same posts.
//
// It tells no story: nobody acts together in it, and no detector has anything to
// find. Package scenario does that.
package volume
