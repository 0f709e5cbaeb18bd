// Package query reads the parameters of a request strictly.
//
// It owns how times, numbers and choices are written, and that every mistake is told
// at once: what is not understood, what stands twice, and what nobody asked for. A
// program that misspells a parameter must not get an answer to another question.
//
// Which parameters there are is for whoever reads them.
package query
