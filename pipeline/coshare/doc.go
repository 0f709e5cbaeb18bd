// Package coshare is the plain co-share network of the literature: which
// accounts did the same within a time window, and how often.
//
// It is exact: every action counts, whatever order they come in, and none is
// dropped or sampled. So its numbers can be held against those of other tools,
// and package coordination against it. It judges nothing: where a crowd talks
// about one thing, it joins the whole crowd.
//
// The weight of a pair is the number of its co-actions: pairs of actions by two
// different accounts on one object, not further apart than the window, limits
// included. That is the edge weight of CooRTweet (generate_coordinated_network:
// the rows per pair of accounts that detect_groups left within time_window;
// Righetti and Balluff 2023, https://github.com/nicolarighetti/CooRTweet). The
// coordination-network-toolkit of QUT counts, in each direction, the posts of
// one account that meet any of the other
// (https://github.com/QUT-Digital-Observatory/coordination-network-toolkit,
// compute_networks.py). Both tools agree on which pairs have a weight of at
// least one, and, if the larger direction counts, of at least two; above that
// a pair of accounts that each act twice within a window weighs four in the
// first and two in the second.
//
// Unlike these tools it asks nothing of post ids: CooRTweet leaves out meetings
// of two rows with one content_id, and of a post with itself as the object; QUT
// keeps only the first row of a message id.
package coshare
