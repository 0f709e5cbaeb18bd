// Package stix writes a finding as a STIX 2.1 bundle, for the tools that threat analysts
// use.
//
// It owns which STIX objects stand for what of a finding, their ids, and which DISARM
// techniques a finding reads like. docs/stix.md tells it to those who receive one. It knows
// no profile but for the objects' marking: what is not to be told is not in the dataset
// that it gets. The rules of the standard are in the package stixtest, which holds them
// against what this one writes.
//
// Sections in comments are those of STIX Version 2.1, OASIS Standard, 10 June 2021.
package stix
