// Package catalogue holds what the pages say in other languages than English.
//
// English stands where it is used: in the templates and in the code. A catalogue (po/fr.po
// and so on, in the format of GNU gettext, which translators' tools read) has each of
// those sentences with its translation, and for counts the forms that the language has.
// What a catalogue lacks is said in English.
//
// It owns the list of languages, which of them a reader is answered in, and the rule that
// only a message may bring markup, never what is put into it: [Messages.HTML] escapes that.
// A message may hold <strong>, <em>, <code> and <bdi>, without attributes; a test holds
// every message and every translation to that, and to the same places for values.
//
// It does not own how numbers and times are written; package words does.
package catalogue
