// Package timeline draws a campaign over time: posts, accounts, potential reach and shares
// as charts, with the table behind them, what findings have their evidence when, and what
// was not seen.
//
// It owns which numbers make which chart, and the words that the charts say to who cannot
// see them. Package chart draws, package window says which time, package coverage what a
// gap hides; it reads nothing itself.
package timeline
