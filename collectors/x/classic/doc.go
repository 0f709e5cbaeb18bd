// Package classic is the source of posts that speaks v1.1 of X's interface:
// streams of servers compatible with statuses/filter, through go-twitter. X
// itself ended that stream in 2023; package filtered reads what X has today.
//
// go-twitter's stream tries again by itself: at once and for ever after an end
// of file, never after a lost connection, not at all after most refusals, and
// it does not notice silence. So what it gets from here is a transport that
// never shows it anything of that: every request is answered 200 with a body
// that has no end and no error. The transport sends the request to the
// configured server, with what is tracked in its body and not in its address;
// refusals and broken connections go past go-twitter to the supervisor, and
// messages that end with "\n" get the "\r\n" that go-twitter waits for.
//
// go-twitter's demux says what kind of message each one is. The post is then
// read from the same message by package v1 and not from go-twitter's struct,
// since that cannot tell a figure that is missing from zero, and is silently
// half full where a field has the wrong type. Messages and what the demux gets
// correspond one to one, in order, which is how the two find each other.
//
// It owns the parameters of the request, the transport, and the meaning of the
// stream's notices. It cannot ask for what was missed: v1.1 has no such thing.
package classic
