package user

import "slices"

// Role says what somebody may do.
type Role string

// The roles. Each may do what those before it may.
const (
	// Viewer reads all pages.
	Viewer Role = "viewer"
	// Analyst judges findings as well, and hands them on to platforms.
	Analyst Role = "analyst"
	// Admin changes campaigns as well.
	Admin Role = "admin"
)

// Act is what a page does for whoever asks for it.
type Act int

// The acts, by the least role that may do them.
const (
	// Read is looking at pages.
	Read Act = iota
	// Judge is saying whether a finding is right.
	Judge
	// Manage is changing what is watched.
	Manage
)

// TakeOut is carrying a list of accounts out of the desk: who may judge a finding may
// tell a platform of it.
const TakeOut = Judge

// roles are in the order of acts: the role at an act's place is the least that
// may do it.
var roles = []Role{Viewer, Analyst, Admin}

// Valid says whether the role is one of those above.
func (r Role) Valid() bool { return slices.Contains(roles, r) }

// May says whether a role may do something. A role that is none may do nothing.
func (r Role) May(a Act) bool {
	return a >= Read && slices.Index(roles, r) >= int(a)
}
