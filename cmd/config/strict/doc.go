// Package strict decodes a YAML file that a person wrote into a struct, and
// tells that person about everything that is wrong with it at once, each with
// its place in the file and what to do about it.
//
// It owns what is a mistake whatever the keys mean: one that is unknown (with
// the likely one named), written twice or of the wrong kind, an empty entry, an
// anchor, a second document. Of values it shows times alone, since any other
// may be a secret, and of keys only what looks like one.
//
// What the keys are, their defaults and what values they may have is for who
// calls it; checks of theirs come in through Decoder.Add.
package strict
