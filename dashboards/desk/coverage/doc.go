// Package coverage tells in words how much of a campaign was seen: how each
// live source is, what share of the time it saw, and what is missing and why.
//
// It owns the sentences about sources ([Sources], [Health], [Warnings]), about
// shares of time seen ([Seen], which never says more than is sure) and about
// gaps ([Gaps], [Cause], [Fill]), which gaps count as holes ([HoleOf]), and what is read
// for that: of a campaign ([ReadCampaign]), and of all sources for their page ([ReadPage]).
//
// It measures nothing: package view adds the gaps up, package collectors tells
// how its sources are. It writes no HTML.
package coverage
