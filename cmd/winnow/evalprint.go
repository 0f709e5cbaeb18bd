package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"winnow/pipeline/evaluate"
)

// print writes the report as a table, or as JSON.
func (c evalCmd) print(w io.Writer, r *evalReport) error {
	if c.JSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("printing the result: %w", err)
		}
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "posts\t%s, by %s accounts, in %s campaign(s)\n", count(r.Posts), count(r.Accounts), count(r.Campaigns))
	if left := r.Late + r.Duplicates; left > 0 {
		fmt.Fprintf(t, "left out\t%s late, %s there already\n", count(r.Late), count(r.Duplicates))
	}
	fmt.Fprintf(t, "speed\t%s posts/s with reading, %s posts/s the detector alone\n", count(int64(r.PostsPerSecond)), count(int64(r.DetectorPerSecond)))
	fmt.Fprintf(t, "memory\t%s MiB at most\n", count(r.PeakRSS>>20))
	fmt.Fprintf(t, "findings\t%s, %s of them of high confidence\n", count(r.Findings), count(r.FindingsHigh))
	fmt.Fprintf(t, "accounts flagged\t%s\n", count(r.AccountsFlagged))
	if r.evalNetwork != nil {
		fmt.Fprintf(t, "co-share network\t%s accounts, %s pairs (%s, weight %d and more)\n", count(r.evalNetwork.Accounts), count(r.Pairs), c.Window, c.MinWt)
	}
	if s := r.Shuffled; s != nil {
		fmt.Fprintf(t, "by chance\t%.2f findings in 1,000 campaign hours (%s in %s, times shuffled %s times)\n", s.Rate, count(s.Findings), count(int64(s.Hours)), count(s.Seeds))
	}
	if s := r.AccountScores; s != nil {
		fmt.Fprintf(t, "precision\t%.3f\n", s.Precision)
		fmt.Fprintf(t, "recall\t%.3f (%s of %s coordinated accounts)\n", s.Recall, count(s.CoordinatedFlagged), count(s.Coordinated))
		fmt.Fprintf(t, "F1\t%.3f\n", s.F1)
		fmt.Fprintf(t, "organic flagged\t%.2f %% (%s of %s accounts)\n", 100*s.OrganicFlaggedShare, count(s.OrganicFlagged), count(s.Organic))
		if s.Unlabelled > 0 {
			fmt.Fprintf(t, "without a label\t%s accounts, %s of them flagged: neither right nor wrong\n", count(s.Unlabelled), count(s.UnlabelledFlagged))
		}
		if s.LabelledUnseen > 0 {
			fmt.Fprintf(t, "without a post\t%s labelled accounts, which count as not flagged\n", count(s.LabelledUnseen))
		}
	}
	if s := r.AttackScores; s != nil {
		var found, instances int
		for _, d := range s.DelayByAttack {
			found, instances = found+d.Found, instances+d.Instances
		}
		fmt.Fprintf(t, "attacks found\t%s of %s\n", count(found), count(instances))
		fmt.Fprintf(t, "fast ones\t%s of %s found, %s\n", count(s.Delay.Found), count(s.Delay.Instances), delay(&s.Delay))
		if s.PostsUnseen > 0 {
			fmt.Fprintf(t, "without a post\t%s rows of the attacks\n", count(s.PostsUnseen))
		}
	}
	printAttacks(t, r)
	if err := t.Flush(); err != nil {
		return fmt.Errorf("printing the result: %w", err)
	}
	return nil
}

// printAttacks writes a row for each kind of attack.
func printAttacks(t io.Writer, r *evalReport) {
	names := make(map[string]bool)
	if r.AccountScores != nil {
		for a := range r.RecallByAttack {
			names[a] = true
		}
	}
	if r.AttackScores != nil {
		for a := range r.DelayByAttack {
			names[a] = true
		}
	}
	if len(names) == 0 {
		return
	}
	fmt.Fprint(t, "\nattack\trecall\tfound\tdelay\n")
	for _, a := range slices.Sorted(maps.Keys(names)) {
		recall, found, late := "", "", ""
		if r.AccountScores != nil {
			if n, ok := r.RecallByAttack[a]; ok {
				recall = fmt.Sprintf("%.3f", n)
			}
		}
		if r.AttackScores != nil {
			if d := r.DelayByAttack[a]; d != nil {
				found, late = fmt.Sprintf("%d of %d", d.Found, d.Instances), delay(d)
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", a, recall, found, late)
	}
}

func delay(d *evaluate.Delay) string {
	if d.Median == nil {
		return "-"
	}
	return fmt.Sprintf("median %.0f s, worst %.0f s", *d.Median, *d.Worst)
}
