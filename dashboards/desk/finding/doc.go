// Package finding is the page of a finding: the claim and the chance of it, its evidence,
// what people say of it, the list of its accounts and links for platforms, and its bundle.
//
// It owns what stands on the page (finding.html), how many rows of each table, what is
// hidden until somebody opens it, who may judge and who may take names out, and that
// neither is done without a line in the audit log.
//
// What is larger has packages of its own: judge the form for verdicts, strip when the posts
// came, network who is joined to whom, texts the wordings side by side, abuselist how a list
// is written. It queries nothing itself (package view does, behind [Store]), and what a
// verdict changes is package storage's, behind [Judger].
package finding
