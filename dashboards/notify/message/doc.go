// Package message writes alerts as people read them: a subject and plain sentences.
//
// It owns the sentences. They say what is measured and never who somebody is, and
// name no account and quote no text unless [Extra] is given, which is only where a
// receiver asks for it. What comes from posts and configuration is one line without
// control characters; how it must be quoted for a channel is that channel's business.
//
// Heads of evidence go the same way ([Head]), though they are no alerts.
//
// It does not decide what is told ([alert]) or when.
package message
