// Package people tells, of each account that a campaign protects or that a pile-on was
// directed at, what was measured of it: when many turned on it at once, how many they
// were, how many of them for the first time and how close together, and how many posts
// addressed it over time.
//
// It owns which accounts are told of, in which order, what of their pile-ons is shown, and
// the page (people.html). What was written to them is not even asked for until somebody
// asks for it, and whose words they are is not told: nobody is ranked.
//
// It measures nothing (package view does), draws no chart itself (package chart does), and
// decides nothing about what a pile-on is (package coordination does).
package people
