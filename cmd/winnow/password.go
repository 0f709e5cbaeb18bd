package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"winnow/dashboards/desk/access/user"
)

// maxLine bounds what is read of a password's file, in bytes.
const maxLine = 64 << 10

// newPassword reads a new password from a file, from standard input for "-", or
// asks for it twice at the terminal. It never stands on the command line, which
// every user of a machine can see.
func (e *env) newPassword(name, file string) (string, error) {
	var password string
	var err error
	switch {
	case file == "-":
		password, err = firstLine(e.stdin)
	case file != "":
		f, oerr := os.Open(file)
		if oerr != nil {
			return "", fmt.Errorf("reading the password: %w", oerr)
		}
		password, err = firstLine(f)
		_ = f.Close() // it was only read
	default:
		return e.askPassword(name)
	}
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	return password, nil
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (e *env) askPassword(name string) (string, error) {
	in, ok := e.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", errors.New("there is no terminal to ask for the password at; give --password-file FILE, or - for standard input")
	}
	password, err := e.readHidden(in, "Password of "+name+": ")
	if err != nil {
		return "", err
	}
	// Before it is asked for again.
	if err := user.CheckPassword(name, password); err != nil {
		return "", err
	}
	again, err := e.readHidden(in, "Once more: ")
	if err != nil {
		return "", err
	}
	if again != password {
		return "", errors.New("the two differ; nothing was changed")
	}
	return password, nil
}

// readHidden reads a line that is not shown. Whoever stops it gets a terminal back
// that shows what they type.
func (e *env) readHidden(in *os.File, prompt string) (string, error) {
	fd := int(in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("asking for the password: %w", err)
	}
	fmt.Fprint(e.stderr, prompt)
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		read <- line{text, err}
	}()
	defer fmt.Fprintln(e.stderr)
	select {
	case l := <-read:
		if l.err != nil {
			return "", fmt.Errorf("asking for the password: %w", l.err)
		}
		return string(l.text), nil
	case <-e.ctx.Done():
		return "", errors.Join(e.ctx.Err(), term.Restore(fd, before))
	}
}
