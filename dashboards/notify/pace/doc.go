// Package pace decides when a receiver of alerts is told, and of how much at once.
//
// It owns quiet hours ([Quiet]), the limit of messages an hour, grouping (what comes
// within a minute is one message) and the alerts that wait for one receiver ([Box]).
// Nothing in a box is thrown away in silence: what a limit holds back is in a later
// message, and what there is no room for is counted there.
//
// It does not know how a message is written or sent, and has no clock: callers say
// what time it is.
package pace
