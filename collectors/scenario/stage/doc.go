// Package stage is where planted events are planned, before the talk begins.
//
// It owns what every act needs: dice of its own, the times of the story, the
// choice of organic people to take part, the completion of an event, and the
// groups of events that are one action in concert.
//
// It does not know the acts: the plot is package scenario's, further attacks
// are package raid's, and further organic moments are package crowd's.
package stage
