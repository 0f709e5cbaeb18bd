// Package app wires Winnow's parts together by hand and runs them.
//
// It owns the order in which things start and stop: lock, engine, store, log,
// then the loops that join them, the live sources and whoever is to be told, as the
// configuration names them, and the reverse on the way out; as Service, how another
// app takes the place of one when the configuration was changed in the pages; and what takes
// all parts at once: exports of findings, forgetting, backups, and wiping. It has no
// opinion on what the parts do, parses no command line and prints nothing.
package app
