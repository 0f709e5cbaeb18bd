package statement

// Output is a query taken apart where its result's destination can be named, as
// in Head INTO OUTFILE '...' FORMAT Format Tail.
type Output struct {
	Head string
	// Format is the one that the query names for its result, empty for none.
	Format string
	// Tail is what follows the format: nothing, or SETTINGS.
	Tail string
}

// SplitOutput takes a query apart; comments and semicolons at its end go. ok is
// false when the text cannot be taken apart or names a destination itself.
func SplitOutput(input string) (out Output, ok bool) {
	tokens, err := scan(input)
	if err != nil {
		return Output{}, false
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].isPunct(';') {
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 0 {
		return Output{}, false
	}
	stop := tokens[len(tokens)-1].stop
	out.Head = input[:stop]
	depth := 0
	for i, t := range tokens {
		switch {
		case t.isPunct('('):
			depth++
		case t.isPunct(')'):
			depth--
		case depth > 0 || i == 0 || i+1 == len(tokens) || tokens[i-1].isPunct('.'):
		case t.is("INTO") && tokens[i+1].is("OUTFILE"):
			return Output{}, false
		case t.is("FORMAT") && tokens[i+1].identifier() && (i+2 == len(tokens) || tokens[i+2].is("SETTINGS")):
			out = Output{Head: input[:tokens[i-1].stop], Format: tokens[i+1].name, Tail: input[tokens[i+1].stop:stop]}
		}
	}
	return out, true
}
