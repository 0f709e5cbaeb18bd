// Package answer turns what the store knows into the facts that the desk tells:
// whether a campaign has coordinated activity, since when, whether it goes on, and
// at whom it is directed.
//
// It owns which findings answer a question (those that are neither declared nor
// may be taken back), how recent evidence must be to say that it goes on, in which
// order findings are told, which contents wait until somebody asks for them, and
// which numbers are not known. The pages and the JSON API both take them from here, so
// that the two cannot differ.
//
// It asks nobody and writes no words: package view measures, package words and the
// pages tell.
package answer
