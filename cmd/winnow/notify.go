package main

import (
	"errors"
	"fmt"

	"winnow/cmd/app"
)

type notifyCmd struct {
	Test notifyTestCmd `cmd:"" help:"Send a test to each receiver, or to one, and say which of them it reached."`
}

// Help is shown below the flags.
func (notifyCmd) Help() string {
	return `While "winnow serve" runs, it tells people who are not looking at the desk that
coordinated activity begins, grows or ends in a campaign, that a campaign is no
longer seen, and that a budget is nearly used up: by e-mail, Slack, Mattermost,
Matrix, Telegram, ntfy, or to a webhook. Whom is in the configuration:

  notify:
    receivers:
      - name: team
        url_file: team-address

The file holds one address, such as ntfy://ntfy.sh/topic or
smtp://user:password@mail.example.org:587/?from=winnow@example.org&to=anna@example.org

  winnow --config winnow.yaml notify test
  winnow --config winnow.yaml notify test team

What is told, and when, is in docs/alerts.md.`
}

type notifyTestCmd struct {
	Name string `arg:"" optional:"" help:"The receiver; without a name, all."`
}

// Help is shown below the flags.
func (notifyTestCmd) Help() string {
	return `Sends one message that says that it is a test. It needs no Winnow that runs, and
heeds neither quiet hours nor the limit of messages an hour. The exit code is 0
only if every receiver took it.`
}

// Run sends the tests.
func (c notifyTestCmd) Run(e *env) error {
	if len(e.cfg.Notify.Receivers) == 0 {
		return errors.New("nobody is to be told: name somebody in the configuration, under notify.receivers")
	}
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return err
	}
	failed := 0
	err = a.TestReceivers(e.ctx, c.Name, func(receiver string, err error) {
		if err != nil {
			failed++
			fmt.Fprintf(e.stdout, "FAILED  %s: %v\n", receiver, err)
			return
		}
		fmt.Fprintf(e.stdout, "ok      %s: the message was taken\n", receiver)
	})
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d receiver(s) could not be reached", failed)
	}
	return nil
}
