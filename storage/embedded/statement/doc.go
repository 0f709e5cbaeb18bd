// Package statement reads ClickHouse statements as far as the HTTP front needs
// to: where an insert's data begins, and whether a statement is one that a
// reader may run.
//
// It owns the tokens (comments, strings and quoted names as ClickHouse's lexer
// has them) and the rules for readers. The rules are lists of what is allowed
// wherever the language makes that possible, since the engine itself has no
// users: even under its readonly setting a SELECT can read any file of the
// machine (file()), write one (INTO OUTFILE) and reach other hosts. Whatever the
// tokens leave in doubt is refused.
//
// It does not run anything and does not check that a statement is valid.
package statement
