package evaluate

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Labels say which accounts acted together.
type Labels struct {
	accounts map[string]*label
}

// label is what is known of one account.
type label struct {
	coordinated bool
	attacks     []string // those it took part in, as far as they are named
	seen        bool     // it has a post
}

// ReadLabels reads a table (CSV) with the columns account_id, label (1 for
// coordinated, 0 for organic) and, if there is one, attack, the name of the kind
// of attack. An account may be in several attacks, but not both coordinated and
// organic. name is that of the file, for errors.
func ReadLabels(in io.Reader, name string) (*Labels, error) {
	l := &Labels{accounts: make(map[string]*label)}
	t, err := openTable(in, name, []string{"account_id", "label"}, "attack")
	if err != nil {
		return nil, err
	}
	lines := make(map[string]int)
	for {
		row, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		account, verdict, attack := row[0], row[1], row[2]
		switch {
		case account == "":
			return nil, t.wrong(0, "it is empty")
		case verdict != "0" && verdict != "1":
			return nil, t.wrong(1, fmt.Sprintf("it is %.20q; write 1 for coordinated or 0 for organic", verdict))
		}
		known := l.accounts[account]
		if known == nil {
			known = &label{coordinated: verdict == "1"}
			l.accounts[account] = known
			lines[account] = t.line()
		}
		if known.coordinated != (verdict == "1") {
			return nil, t.wrong(1, fmt.Sprintf("it is %s, but the same account has another label in line %d", verdict, lines[account]))
		}
		if known.coordinated && attack != "" && !slices.Contains(known.attacks, attack) {
			known.attacks = append(known.attacks, attack)
		}
	}
	if len(l.accounts) == 0 {
		return nil, fmt.Errorf("reading labels: %s names no account", name)
	}
	return l, nil
}

// Of returns the label of an account, 1 for coordinated and 0 for organic, and
// the attacks it took part in; ok is false if it has none.
func (l *Labels) Of(account string) (verdict int, attacks []string, ok bool) {
	known := l.accounts[account]
	switch {
	case known == nil:
		return 0, nil, false
	case known.coordinated:
		return 1, known.attacks, true
	}
	return 0, nil, true
}

// Attacks say which posts belong to which attack.
type Attacks struct {
	instances []*instance
	posts     map[string][]*attackPost // by post id
}

// instance is one attack.
type instance struct {
	attack   string // its kind
	name     string
	accounts map[string]bool
	posts    []*attackPost
}

// attackPost is a coordinated post.
type attackPost struct {
	account string
	of      *instance
	at      int64 // Unix milliseconds, 0 until it is seen
}

// ReadAttacks reads a table (CSV) with the columns content_id, account_id,
// attack (its kind) and instance (its name): one row for each coordinated post.
// name is that of the file, for errors.
func ReadAttacks(in io.Reader, name string) (*Attacks, error) {
	a := &Attacks{posts: make(map[string][]*attackPost)}
	columns := []string{"content_id", "account_id", "attack", "instance"}
	t, err := openTable(in, name, columns)
	if err != nil {
		return nil, err
	}
	known := make(map[[2]string]*instance)
	for {
		row, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if i := slices.Index(row, ""); i >= 0 {
			return nil, t.wrong(i, "it is empty")
		}
		id, account, key := row[0], row[1], [2]string{row[2], row[3]}
		of := known[key]
		if of == nil {
			of = &instance{attack: key[0], name: key[1], accounts: make(map[string]bool)}
			known[key] = of
			a.instances = append(a.instances, of)
		}
		of.accounts[account] = true
		if slices.ContainsFunc(a.posts[id], func(p *attackPost) bool { return p.of == of && p.account == account }) {
			continue
		}
		p := &attackPost{account: account, of: of}
		a.posts[id] = append(a.posts[id], p)
		of.posts = append(of.posts, p)
	}
	if len(a.instances) == 0 {
		return nil, fmt.Errorf("reading attacks: %s names no post", name)
	}
	return a, nil
}

// table is a CSV file of which some columns are read.
type table struct {
	in      *csv.Reader
	name    string
	columns []string // ours
	at      []int    // where each is, -1 if it is not there
	row     []string
}

// openTable reads the header; columns must be there, maybe need not.
func openTable(in io.Reader, name string, columns []string, maybe ...string) (*table, error) {
	t := &table{in: csv.NewReader(in), name: name, columns: slices.Concat(columns, maybe)}
	t.in.ReuseRecord = true
	header, err := t.in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading %s: it is empty; its first line must name the columns %s", name, strings.Join(t.columns, ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(header[i], "\ufeff")))
	}
	for i, c := range t.columns {
		t.at = append(t.at, slices.Index(header, c))
		if i < len(columns) && t.at[i] < 0 {
			return nil, fmt.Errorf("reading %s: line 1 has no column %s; its columns are %.200q", name, c, strings.Join(header, ", "))
		}
	}
	t.row = make([]string, len(t.columns))
	return t, nil
}

// next returns the fields of the next row, in the order of the columns, valid
// until the next call; io.EOF at the end.
func (t *table) next() ([]string, error) {
	fields, err := t.in.Read()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", t.name, err) // it names line and column
	}
	for i, at := range t.at {
		t.row[i] = ""
		if at >= 0 {
			t.row[i] = strings.TrimSpace(fields[at])
		}
	}
	return t.row, nil
}

func (t *table) line() int {
	line, _ := t.in.FieldPos(0)
	return line
}

// wrong is the error about a field of the row at hand.
func (t *table) wrong(column int, what string) error {
	line, _ := t.in.FieldPos(max(t.at[column], 0))
	return fmt.Errorf("reading %s: line %d, column %s: %s", t.name, line, t.columns[column], what)
}
