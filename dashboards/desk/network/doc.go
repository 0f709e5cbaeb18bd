// Package network draws who acted on what in a finding, and who was in step with whom:
// as a picture in SVG, and as tables that say the same.
//
// It owns what of a finding the picture holds, where things stand in it (the same for
// everyone who looks: nothing is left to chance or to the machine), and the part of the
// page (network.html) for it, without a script or a style of its own.
//
// It reads nothing (package view does) and judges nothing: a line says that an account
// posted an object, or that evidence has two accounts in step, and no more.
package network
