// Package edit changes one campaign in a configuration file that a person wrote, and
// leaves everything else as that person left it.
//
// It owns where in the text a campaign stands, how one is written, and how the file is
// replaced: only if nobody changed it meanwhile, and as a whole. It splices the text and
// does not write the YAML anew, so that comments, order, blank lines and quotes stay.
// Every result is loaded again, and counts only if it says what was there before with
// that one campaign changed; a layout in which that cannot be done is refused.
//
// What a campaign may be is decided by package config. Who may change one, and what the
// form looks like, is for the pages.
package edit
