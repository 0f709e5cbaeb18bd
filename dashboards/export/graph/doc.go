// Package graph writes the network of a finding: its accounts and objects, which account
// posted which object, and which accounts were in step, as GEXF 1.3 for Gephi
// (https://gexf.net) and as GraphML for nearly everything else
// (http://graphml.graphdrawing.org).
//
// It owns what is a node, an edge and a weight, and how both formats say it. The same
// dataset gives the same bytes. What may be told is decided before: see package export.
//
// A node is an account (a1, a2, in the order of the dataset) or an object (o1, o2), and
// says which by its attribute "type". An edge of type "use" leads from an account to an
// object and weighs as much as there were posts; one of type "pair" leads from an account
// to another and weighs as many bits as the strongest evidence that the two were in step
// earned. The weights of the two types have nothing to do with each other: look at one
// type at a time. Edges have no direction.
//
// Nodes and edges are there from the first to the last evidence, in GEXF as a dynamic
// network. GraphML knows no time: there the same are the attributes "start" and "end". A
// character that XML cannot hold becomes U+FFFD, so what a text says is better read from
// the tables.
//
// Python's networkx reads the GraphML as it is. Its reader of GEXF knows version 1.3 since
// networkx 3.6 only, and no times of the format dateTime: for it, write
// timeformat="date" instead, and before 3.6 the name space of version 1.2,
// http://www.gexf.net/1.2draft, too.
package graph
