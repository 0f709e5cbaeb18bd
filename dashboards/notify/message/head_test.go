package message

import (
	"strings"
	"testing"
)

func TestHead(t *testing.T) {
	m := Head(en, "Open\nGames", "5f0c@1200", 1200, noon)
	got := m.Subject + "\n\n" + m.Text(asIs)
	const want = `Winnow: head of the evidence of “Open Games”

5f0c@1200

This stands for the first 1,200 records that Winnow keeps as evidence of “Open Games”. The last of them was received on 12 Jun 2031, 12:00:00 UTC.

Please keep this message. With it anybody can tell later whether one of these records was changed, added or taken out: “winnow evidence verify --head 5f0c@1200”.`
	if got != want {
		t.Errorf("%s", got)
	}
	if one := Head(en, "c", "5f0c@1", 1, noon); one.ID == m.ID || !strings.Contains(one.Text(asIs), "the one record") {
		t.Errorf("%+v", one)
	}
}
