// Package filtered is a live source of posts on X: the filtered stream of its
// API v2, with what belongs to it, so that little is missed and no more is
// paid than the operator allows.
//
// It owns when to do what: setting the rules, connecting, ending ghost
// connections, sampling and pausing as package spend decides, asking again for
// posts to see which are gone, filling gaps by search, counting instead of
// reading. How to ask is package api's, what a rule looks like package rules',
// what a post means package v2's, and when to connect again the supervisor's.
//
// # What it cannot see
//
//   - X's stream tells of no deletions. Each post is looked up again when it is
//     about a quarter of an hour, two hours and a day old, as far as the part of
//     the budget kept for that allows. A post that was not looked up, or that X
//     does not speak of since its author is suspended or protected, stays; one
//     deleted after a day stays too. While nothing is read, such as in a pause
//     for the budget, nothing is looked up either.
//   - X's search finds no retweets by hashtag or word, so a filled gap is never
//     complete, and reaches back seven days.
//   - An edit reaches the stream as a post of its own, if it still matches.
//   - What other programs' rules in the same app bring is delivered and paid for
//     as well.
//
// # What costs money
//
// Posts, by stream, search and look-up, and counts: X charges a request for
// counts like a post. Rules, connections and usage are free. Whether X charges
// for the accounts and the quoted posts that come with a post is not published;
// USDPerPost is for the operator to set after the first bill.
//
// # Redundancy
//
// With an Enterprise plan a second Source with another Name and Redundant set
// holds a second connection. It leaves rules, look-ups, gaps and ghost
// connections to the first.
package filtered
