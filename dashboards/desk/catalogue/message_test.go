package catalogue_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
)

// dashboards is the directory whose code and templates speak to people.
const dashboards = "../.."

// message is one that is said somewhere.
type message struct {
	one, many string // many is empty unless it is one for a count
}

// said finds all messages: the constants that are given to the methods of a teller and to
// Mark, and to "t", "n" and "count" in templates. The values are the files.
func said(t *testing.T) map[message][]string {
	t.Helper()
	all := map[message][]string{}
	err := filepath.WalkDir(dashboards, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		add := func(one, many string) {
			file, err := filepath.Rel(dashboards, path)
			if err != nil {
				t.Fatal(err)
			}
			m := message{one, many}
			if files := all[m]; len(files) == 0 || files[len(files)-1] != filepath.ToSlash(file) {
				all[m] = append(files, filepath.ToSlash(file))
			}
		}
		switch filepath.Ext(path) {
		case ".go":
			saidInCode(t, path, add)
		case ".html":
			saidInTemplate(t, path, add)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func saidInCode(t *testing.T, path string, add func(one, many string)) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := method.X.(*ast.Ident); ok && of.Name == "q" {
			return true // a query's parameter, see package query
		}
		constant := func(i int) string {
			if len(call.Args) <= i {
				return ""
			}
			lit, ok := call.Args[i].(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return ""
			}
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		switch method.Sel.Name {
		case "Text", "HTML", "Mark":
			if m := constant(0); m != "" && len(call.Args) > 0 {
				add(m, "")
			}
		case "Count", "CountHTML":
			if one, many := constant(1), constant(2); one != "" && many != "" {
				add(one, many)
			}
		}
		return true
	})
}

func saidInTemplate(t *testing.T, path string, add func(one, many string)) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	trees := map[string]*parse.Tree{}
	tree := parse.New(path)
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(string(text), "", "", trees); err != nil {
		t.Fatal(err)
	}
	for _, one := range trees {
		walk(one.Root, add)
	}
}

// walk goes through a template.
func walk(n parse.Node, add func(one, many string)) {
	branch := func(b parse.BranchNode) {
		walk(b.Pipe, add)
		walk(b.List, add)
		if b.ElseList != nil {
			walk(b.ElseList, add)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, one := range n.Nodes {
			walk(one, add)
		}
	case *parse.ActionNode:
		walk(n.Pipe, add)
	case *parse.IfNode:
		branch(n.BranchNode)
	case *parse.RangeNode:
		branch(n.BranchNode)
	case *parse.WithNode:
		branch(n.BranchNode)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, add)
		}
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			walk(c, add)
		}
	case *parse.CommandNode:
		for _, a := range n.Args {
			walk(a, add)
		}
		call(n.Args, add)
	}
}

// call adds the message of one call.
func call(args []parse.Node, add func(one, many string)) {
	name, ok := args[0].(*parse.IdentifierNode)
	if !ok {
		return
	}
	constant := func(i int) string {
		if len(args) > i {
			if s, ok := args[i].(*parse.StringNode); ok {
				return s.Text
			}
		}
		return ""
	}
	switch name.Ident {
	case "t":
		if m := constant(1); m != "" {
			add(m, "")
		}
	case "n", "count":
		if one, many := constant(2), constant(3); one != "" && many != "" {
			add(one, many)
		}
	}
}
