// Package channel sends messages to people: by e-mail, Slack, Mattermost, Matrix,
// Telegram, ntfy, or to a webhook.
//
// It owns how an address of a receiver is read, how a message is put for each kind
// of channel, and how it gets there: within a bounded time, to a private network
// only if that is meant, through a proxy if one is given, encrypted unless the
// network is private, and with nothing of a post that a channel would take for
// markup, a mention or a picture to fetch.
//
// Addresses and, where it has them, the bodies of requests are those of the library
// shoutrrr, so that what its manual says of a service holds here. What is sent goes by clients
// of package dial and not by the library's own: those of Telegram and webhooks are
// the process's default client, without a time limit; a mail server that falls
// silent after the connection is waited for without an end; a message that Telegram
// could not be reached with counts as delivered; and none can be given a proxy of its
// own or be kept out of private networks.
//
// It does not decide what is sent or when, and tries once: [Failure] says
// whether trying again can help.
package channel
