// Package evaluate scores what a detector finds against labels.
//
// It owns the labels and attacks that somebody wrote down, the run of one
// detector over one campaign with its time, and what the scores mean: which
// accounts count as right or wrong, when an attack counts as found, and how
// long that took. A finding that was declared flags nobody.
//
// It opens no file and does not know where posts come from; what a finding is
// and when it stands is for package coordination to say.
package evaluate
