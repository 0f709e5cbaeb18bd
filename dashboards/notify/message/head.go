package message

import (
	"time"

	"winnow/dashboards/desk/words"
)

// EvidenceHead is the kind of a message with a head of evidence.
const EvidenceHead = "evidence_head"

// Head gives people a head of a campaign's evidence to keep: the head as it is written,
// how many records it stands for, and when the last of them was received.
func Head(tell *words.Teller, campaign, head string, records uint64, last time.Time) Message {
	t := teller{tell}
	name := t.name(campaign)
	return Message{
		ID:        "head " + head,
		Subject:   t.Text("Winnow: %s", t.Text("head of the evidence of “%s”", name)),
		Kinds:     []string{EvidenceHead},
		Campaigns: []string{campaign},
		Paragraphs: []Paragraph{
			{Text: head},
			{Text: t.Count(records, "This stands for the one record that Winnow keeps as evidence of “%[2]s”. It was received on %[3]s.",
				"This stands for the first %[1]s records that Winnow keeps as evidence of “%[2]s”. The last of them was received on %[3]s.", name, t.Seconds(last))},
			{Text: t.Text("Please keep this message. With it anybody can tell later whether one of these records was changed, added or taken out: “winnow evidence verify --head %s”.", head)},
		},
	}
}
