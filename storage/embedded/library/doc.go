// Package library finds the engine's shared library on this machine, and fetches
// it when it is not there.
//
// It owns the version that Winnow is made for, the checksum it must have, the
// place where it is kept, and the variable that names one of your own. It is
// fetched by the npm client under its configuration, so that a house's own
// registry and proxy are respected.
//
// It does not load the library: package chdb does.
package library
