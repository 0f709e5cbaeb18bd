package statement

import (
	"slices"
	"strings"
)

// CheckReader returns the statement as a reader may run it, without comments and
// closing semicolons, or says why not. A reader may run one SELECT, WITH, SHOW,
// DESCRIBE, EXPLAIN or EXISTS over the store's own tables and a few system tables.
func CheckReader(input string) (string, error) {
	if strings.IndexByte(input, 0) >= 0 {
		return "", syntaxError("a zero byte")
	}
	tokens, err := scan(input)
	if err != nil {
		return "", err
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].isPunct(';') {
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 0 {
		return "", syntaxError("an empty query")
	}
	if err := checkHead(tokens); err != nil {
		return "", err
	}
	c := checker{tokens: tokens, levels: []level{{}}}
	for i := range tokens {
		if err := c.check(i); err != nil {
			return "", err
		}
	}
	if len(c.levels) > 1 {
		return "", syntaxError("a bracket is not closed")
	}
	return render(tokens), nil
}

// render joins tokens: without what lay between them, but with a space where
// anything did.
func render(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.start > tokens[i-1].stop {
			b.WriteByte(' ')
		}
		b.WriteString(t.raw)
	}
	return b.String()
}

// checkHead looks at how the statement begins.
func checkHead(tokens []token) error {
	for len(tokens) > 0 && tokens[0].isPunct('(') {
		tokens = tokens[1:]
	}
	if len(tokens) == 0 || tokens[0].kind != word {
		return readOnly("a query must begin with SELECT, WITH, SHOW, DESCRIBE, EXPLAIN or EXISTS")
	}
	rest := tokens[1:]
	switch upper(tokens[0].raw) {
	case "SELECT", "WITH", "DESCRIBE", "DESC", "EXISTS":
		return nil
	case "SHOW":
		return checkShow(rest)
	case "EXPLAIN":
		return checkExplain(rest)
	}
	return readOnly(upper(tokens[0].raw) + " is not for readers; allowed are SELECT, WITH, SHOW, DESCRIBE, EXPLAIN and EXISTS")
}

// checkShow lets SHOW pass for what is stored, not for users, grants, settings
// and other people's queries.
func checkShow(tokens []token) error {
	for len(tokens) > 0 && (tokens[0].is("FULL") || tokens[0].is("EXTENDED")) {
		tokens = tokens[1:]
	}
	allowed := []string{"DATABASES", "TABLES", "COLUMNS", "FIELDS", "INDEX", "INDEXES", "INDICES", "KEYS", "FUNCTIONS"}
	if len(tokens) > 0 && tokens[0].is("CREATE") {
		tokens, allowed = tokens[1:], []string{"TABLE", "VIEW", "DATABASE"}
	}
	if len(tokens) > 0 && tokens[0].kind == word && slices.Contains(allowed, upper(tokens[0].raw)) {
		return nil
	}
	return denied("this form of SHOW is not for readers")
}

// checkExplain lets EXPLAIN pass for queries that a reader may run, in the forms
// that do not run them.
func checkExplain(tokens []token) error {
	kinds := []string{"AST", "SYNTAX", "QUERY", "TREE", "PLAN", "PIPELINE", "ESTIMATE"}
	for i := 0; i < len(tokens); i++ {
		switch t := tokens[i]; {
		case t.is("SELECT"), t.is("WITH"):
			return nil
		case t.isPunct(','), t.isPunct('('):
		case t.kind == word && slices.Contains(kinds, upper(t.raw)):
		case t.kind == word && i+2 < len(tokens) && tokens[i+1].isPunct('=') && tokens[i+2].kind == word:
			i += 2
		default:
			return readOnly("EXPLAIN is for SELECT only")
		}
	}
	return readOnly("EXPLAIN is for SELECT only")
}

// level is what is known about the inside of a pair of brackets.
type level struct {
	// seen tells that there was a token, query that there was a SELECT or WITH.
	seen, query bool
	// from tells that tables are being listed, so that a comma may be followed by one.
	from bool
	// braces marks those of a {name:Type} placeholder or a map.
	braces bool
}

// follow notes where a list of tables begins and ends.
func (l *level) follow(t token, arrayJoin bool) {
	switch upper(t.raw) {
	case "FROM", "JOIN":
		l.from = !arrayJoin
	case "SELECT", "WITH", "WHERE", "PREWHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY", "ORDER", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT":
		l.from = false
	}
}

// checker looks at tokens one after the other.
type checker struct {
	tokens []token
	levels []level
}

// at is the token at i, of kind end outside the statement.
func (c *checker) at(i int) token {
	if i < 0 || i >= len(c.tokens) {
		return token{kind: end}
	}
	return c.tokens[i]
}

func (c *checker) check(i int) error {
	t := c.tokens[i]
	top := &c.levels[len(c.levels)-1]
	// Asked before this token counts as seen on its level.
	table := c.tablePosition(i)
	if t.kind != punct || !strings.Contains(")]}", t.raw) {
		top.seen = true
	}
	switch t.kind {
	case punct:
		return c.checkPunct(t)
	case text:
		if table {
			return denied("a text as the name of a table is a file")
		}
		return nil
	case word:
		if t.is("SELECT") || t.is("WITH") {
			top.query = true
		}
		if !c.at(i - 1).isPunct('.') {
			top.follow(t, c.arrayJoin(i))
		}
		if err := c.checkKeyword(i); err != nil {
			return err
		}
	}
	return c.checkName(i, table)
}

func (c *checker) checkPunct(t token) error {
	switch t.raw {
	case "(", "[", "{":
		c.levels = append(c.levels, level{braces: t.raw == "{"})
	case ")", "]", "}":
		if len(c.levels) == 1 {
			return syntaxError("a closing bracket without an opening one")
		}
		c.levels = c.levels[:len(c.levels)-1]
	case ";":
		return syntaxError("Multi-statements are not allowed")
	default:
		if !strings.Contains(",.:+-*/%=<>!?|", t.raw) {
			return syntaxError("unexpected character outside of quotes")
		}
	}
	return nil
}

// checkKeyword refuses words that change what a query does beyond reading.
func (c *checker) checkKeyword(i int) error {
	t := c.tokens[i]
	if c.at(i - 1).isPunct('.') {
		return nil // a column's name
	}
	switch upper(t.raw) {
	case "SETTINGS":
		return readOnly("SETTINGS are not for readers; quote it if it is a name")
	case "INTO", "OUTFILE", "INFILE":
		return denied("%s is not for readers; quote it if it is a name", upper(t.raw))
	case "PARALLEL":
		if c.at(i + 1).is("WITH") {
			return syntaxError("Multi-statements are not allowed")
		}
	case "IDENTIFIER":
		if c.levels[len(c.levels)-1].braces {
			return denied("names as parameters are not for readers")
		}
	}
	return nil
}

// tablePosition tells whether the token at i is where a table's name begins.
func (c *checker) tablePosition(i int) bool {
	prev := c.at(i - 1)
	switch {
	case prev.isPunct(','):
		return c.levels[len(c.levels)-1].from
	case prev.kind != word || c.at(i-2).isPunct('.'):
		return false
	case prev.is("JOIN"):
		return !c.arrayJoin(i - 1)
	case prev.is("FROM"):
		// trim(BOTH ' ' FROM lower(x)) and its like have a FROM without a SELECT.
		top := c.levels[len(c.levels)-1]
		return top.query || len(c.levels) == 1 || c.at(i-2).isPunct('(')
	}
	// DESCRIBE x, DESCRIBE TABLE x, EXISTS x, EXISTS TABLE x; elsewhere DESC orders
	// and EXISTS takes a subquery.
	for head := range c.tokens[:i] {
		if first := c.tokens[head]; !first.isPunct('(') {
			describes := first.is("DESCRIBE") || first.is("DESC") || first.is("EXISTS")
			return describes && (i == head+1 && !c.tokens[i].is("TABLE") || i == head+2)
		}
	}
	return false
}

// arrayJoin tells whether the token at i ends ARRAY JOIN, which arrays follow and
// no table; after AS, ARRAY would be a name.
func (c *checker) arrayJoin(i int) bool {
	return c.at(i).is("JOIN") && c.at(i-1).is("ARRAY") && !c.at(i-2).is("AS") && !c.at(i-2).isPunct('.')
}

// checkName looks at what may be the name of a function or a table.
func (c *checker) checkName(i int, table bool) error {
	t, prev, next := c.tokens[i], c.at(i-1), c.at(i+1)
	if t.kind == quoted && strings.Contains(t.raw, `\`) {
		// Escapes can spell any name: `fi\x6ce` is file.
		return denied("a backslash in a name")
	}
	name := strings.ToLower(t.name)
	call := next.isPunct('(')
	if (call || !prev.isPunct('.')) && deniedFunction(name, call) {
		return denied("%s is not for readers; give it another name if it is a column", t.raw)
	}
	if call && (table || slices.Contains(tableFunctions, name)) && !slices.Contains(readerTableFunctions, name) {
		return denied("the table function %s is not for readers", t.raw)
	}
	if call && prev.isPunct('.') {
		return denied("%s: functions have no database", t.raw)
	}
	if t.kind == quoted && (table && strings.ContainsAny(t.name, "/\\") || isPath(t.name)) {
		return denied("a table's name with a slash is a file")
	}
	if name == "system" && next.isPunct('.') {
		if of := c.at(i + 2); !of.identifier() || !slices.Contains(readerSystemTables, strings.ToLower(of.name)) {
			return denied("this system table is not for readers")
		}
	}
	return nil
}

// isPath tells whether a name leads out of the engine's working directory, in
// which there is nothing to read.
func isPath(name string) bool {
	return strings.HasPrefix(name, "/") || strings.Contains(name, "..") || strings.Contains(name, "://")
}
