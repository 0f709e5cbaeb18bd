package post

// CanonicalLink returns the form by which a link is compared, and false if raw
// is no web link.
func CanonicalLink(raw string) (string, bool) { return raw, raw != "" }
