package stix

import (
	"slices"

	"winnow/dashboards/export"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

// The DISARM Red Framework is pinned to version 1.6, by the commit that published it. Ids and
// names of techniques are taken from there; what is said of them is ours.
const (
	disarmVersion = "1.6"
	disarmDate    = "2024-11-22T00:00:00.000Z"
	// wordsDate is when the words below were last changed: what changes them, or those of
	// the pattern, changes it too, since it is the version of the object.
	wordsDate   = "2026-11-29T00:00:00.000Z"
	disarmPages = "https://github.com/DISARMFoundation/DISARMframeworks/blob/c724a3f2b072678917ef4d2d605f9708cc873af5/generated_pages/techniques/"
)

// technique is one of DISARM's that a finding can read like.
type technique struct {
	id, name string
	// seen is what Winnow measures when it names the technique, unseen what the technique
	// says beyond that.
	seen, unseen string
	// limit bounds the confidence by how much of the technique is measured.
	limit int
}

// What is measured is all that T0084.001 says. The others say something of a purpose or of
// who is behind it, which nothing here measures: how things are spread is Med at most, a
// purpose or a machine Low.
var (
	floodSpace    = technique{"T0049", "Flood Information Space", "many accounts came at once, far faster than the campaign's own rhythm explains", "that what they posted is not their own opinion", med}
	floodHashtag  = technique{"T0049.002", "Flood Existing Hashtag", "many accounts came to an existing tag at once, far faster than its own rhythm explains", "that they meant to drown what others say there, or to push something", med}
	botsAmplify   = technique{"T0049.003", "Bots Amplify via Automated Forwarding and Reposting", "accounts passed the same posts on in step, and at least half of them show signs of automation", "that a program did it: the signs prove nothing", low}
	swarming      = technique{"T0049.005", "Conduct Swarming", "many accounts that had not addressed it before turned on one account at once", "that they agreed on it among themselves", med}
	reuseContent  = technique{"T0084", "Reuse Existing Content", "many accounts posted the same image close together", "where it comes from, and that an operation used it before", med}
	copypasta     = technique{"T0084.001", "Use Copypasta", "many accounts posted the same text, or variants of it, close together", "that one source handed it out", high}
	harass        = technique{"T0048", "Harass", "many accounts addressed one account at once", "that they threaten or mean to silence anybody: Winnow does not judge what posts say", low}
	amplifyOthers = technique{"T0118", "Amplify Existing Narrative", "accounts passed the same things on, closer together than chance explains", "that it serves an operation", med}
)

// techniques returns what a finding reads like: nothing if it is the campaign's own declared
// action, or if people say that it is wrong or has an innocent explanation.
func techniques(d *export.Dataset) []technique {
	if j := judgement(d); d.Finding.Declared != "" || j == storage.Wrong || j == storage.Explained {
		return nil
	}
	switch coordination.Kind(d.Finding.Kind) {
	case coordination.KindCopies:
		return copied(d)
	case coordination.KindReposts:
		if automated(d) {
			return []technique{botsAmplify}
		}
		return []technique{amplifyOthers}
	case coordination.KindFlood:
		if len(d.Tags) == 0 {
			return []technique{floodSpace}
		}
		return []technique{floodHashtag}
	case coordination.KindPileOn:
		return []technique{swarming, harass}
	default:
		return nil
	}
}

// copied returns what copies read like, by what was copied.
func copied(d *export.Dataset) []technique {
	var out []technique
	for _, t := range []struct {
		technique
		kind post.ObjectKind
	}{{copypasta, post.ObjectText}, {reuseContent, post.ObjectImage}, {amplifyOthers, post.ObjectLink}} {
		if slices.ContainsFunc(d.Objects, func(o export.Object) bool { return o.Kind == string(t.kind) }) {
			out = append(out, t.technique)
		}
	}
	return out
}

// automated says whether at least half of the accounts show a sign of automation that new
// and careless people do not show as well.
func automated(d *export.Dataset) bool {
	signs := []string{string(coordination.SignalBot), string(coordination.SignalSleepless), string(coordination.SignalClockwork)}
	n := 0
	for i := range d.Accounts {
		if slices.ContainsFunc(d.Accounts[i].Signals, func(s string) bool { return slices.Contains(signs, s) }) {
			n++
		}
	}
	return n > 0 && 2*n >= len(d.Accounts)
}

// pattern returns the attack-pattern of a technique. It is the same in all bundles, so
// nothing in it may depend on the finding: how sure the finding is of it is said by the
// relationship.
func (t technique) pattern() *attackPattern {
	return &attackPattern{
		common: common{
			Type: "attack-pattern", SpecVersion: specVersion, ID: objectID("attack-pattern", "DISARM", disarmVersion, t.id),
			CreatedByRef: makerID(), Created: disarmDate, Modified: wordsDate, Lang: "en",
			ExternalReferences: []reference{{
				SourceName: "DISARM", Description: "DISARM Red Framework, version " + disarmVersion + ", by the DISARM Foundation (CC BY-SA 4.0)",
				URL: disarmPages + t.id + ".md", ExternalID: t.id,
			}},
		},
		Name:        t.name,
		Description: "What Winnow measures when it names this technique: " + t.seen + ". What the technique says beyond that: " + t.unseen + ".",
	}
}
