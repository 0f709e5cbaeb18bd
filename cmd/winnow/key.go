package main

import (
	"errors"
	"fmt"
	"io/fs"

	"winnow/cmd/keyring"
	"winnow/dashboards/export/seal"
)

type keyCmd struct {
	Make keyMakeCmd `cmd:"" help:"Make the key that bundles are signed with, once."`
	Show keyShowCmd `cmd:"" help:"Print its public half, for those who receive bundles."`
}

// Help is shown below the flags.
func (keyCmd) Help() string {
	return `Bundles that "winnow export" writes are signed with a key of this data directory, if it
has one: whoever has the public half can see that a bundle is yours and was not
changed. Give it to receivers on another way than the bundles, and let them compare
the fingerprint with you, by telephone or in person: a key that comes with the bundle
proves nothing.

The key is of Ed25519, and signatures are those of OpenSSH, so that a receiver needs no
Winnow to check them:

  winnow key make
  winnow key show

It lies in keys/signing in the data directory. Whoever has that file can sign in your
name; if it was stolen, say so to your receivers, move it away and make another.`
}

type keyMakeCmd struct{}

// Run makes the key.
func (keyMakeCmd) Run(e *env) error {
	seed, err := keyring.In(e.cfg.DataDir).MakeSigning()
	if errors.Is(err, fs.ErrExist) {
		return errors.New("there is a key already: \"winnow key show\" prints it. To replace it, move keys/signing in the data directory away; receivers then need the new one")
	}
	if err != nil {
		return err
	}
	return showKey(e, seed)
}

type keyShowCmd struct{}

// Run prints the public half.
func (keyShowCmd) Run(e *env) error {
	seed, err := keyring.In(e.cfg.DataDir).Signing()
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no key to sign with yet: make it with \"winnow key make\"")
	}
	if err != nil {
		return err
	}
	return showKey(e, seed)
}

func showKey(e *env, seed keyring.Key) error {
	signer, err := seal.NewSigner(seed.Reveal())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%s\nfingerprint: %s\n", signer.Public(), signer.Public().Fingerprint())
	return err
}
