// Package post holds the words of Winnow: what a platform, an account, a post,
// an object and an action are, whatever network they come from.
//
// It owns the neutral shapes that every other package speaks, what makes a
// post acceptable (Tidy and Check), which actions it stands for, and which page
// shows it.
//
// It does not know where posts come from (package archive and the collectors
// translate wire formats into these shapes), when two hashtags or texts are the
// same (package fold) or two links (package link), which campaign a post
// belongs to (package campaign) or what to conclude from it (package
// coordination). It performs no input or output.
package post
