package coordination

import "strings"

// labels keeps what objects are shown by, for those that two accounts met on.
type labels struct {
	text    layered[uint32, string]
	queue   []uint32 // in order of coming; a fork appends beyond its origin's
	limit   int
	dropped uint64
}

func newLabels(limit int) labels {
	return labels{text: newLayered[uint32, string](), limit: limit}
}

func (l *labels) len() int { return len(l.queue) }

func (l *labels) fork() labels {
	f := *l
	f.text = l.text.fork()
	f.queue = l.queue[:len(l.queue):len(l.queue)]
	return f
}

// label keeps what the object of an action is shown by.
func (c *core) label(d *doing) {
	if c.objects.rows.get(d.object).v.labelled {
		return
	}
	text := ""
	if d.kind == aText || d.kind == aRepost {
		text = strings.Clone(d.record.label)
	}
	if text == "" {
		text = clip(c.name(d.object))
	}
	l := &c.labels
	// An object with evidence keeps its label if another is soon found.
	for range 8 {
		if len(l.queue) < l.limit {
			break
		}
		oldest := l.queue[0]
		l.queue = l.queue[1:]
		if r := c.objects.rows.get(oldest); r.v.labelled && r.pins > 0 {
			l.queue = append(l.queue, oldest)
			continue
		}
		c.unlabel(oldest)
	}
	if len(l.queue) >= l.limit {
		c.unlabel(l.queue[0])
		l.queue = l.queue[1:]
	}
	l.queue = append(l.queue, d.object)
	l.text.set(d.object, text)
	c.objects.rows.mut(d.object).v.labelled = true
}

func (c *core) unlabel(object uint32) {
	c.labels.dropped++
	c.labels.text.set(object, "")
	c.objects.rows.mut(object).v.labelled = false
}

// shown returns what an object is shown by.
func (c *core) shown(object uint32) string {
	r := c.objects.rows.get(object)
	if r.v.labelled {
		if s := c.labels.text.get(object); s != "" {
			return s
		}
	}
	return clip(c.name(object))
}
