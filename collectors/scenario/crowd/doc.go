// Package crowd plans further organic moments that look like an attack and are
// none: cascades, shared headlines, breaking news, chants, the start of an event.
//
// It owns who comes to such a moment and when. Delays are those of the organic
// talk: a steep start, and a tail over hours.
//
// Nobody in it acts in concert, so that all that a detector finds here is wrong.
package crowd
