package linetest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Publish implements collectortest.Platform, as do all methods here.
func (p *Platform) Publish(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := strconv.Itoa(len(p.kept) + 1)
	p.keep(message{Kind: "post", ID: id, Text: text})
	return p.prefix() + id
}

// Edit sends the post again with another text.
func (p *Platform) Edit(id, text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	native := p.nativeID(id)
	for _, m := range p.kept {
		if m.Kind == "post" && m.ID == native {
			m.Text, m.Edited = text, max(time.Now().UnixMilli(), m.At+1)
			p.keep(m)
			return true
		}
	}
	return false
}

// Delete announces a deletion.
func (p *Platform) Delete(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keep(message{Kind: "delete", ID: p.nativeID(id)})
	return true
}

// DeleteFirst announces a deletion before the post.
func (p *Platform) DeleteFirst(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := "first-" + strconv.Itoa(len(p.kept)+1)
	p.keep(message{Kind: "delete", ID: id})
	p.keep(message{Kind: "post", ID: id, Text: text})
	return p.prefix() + id
}

// Again sends what was sent before.
func (p *Platform) Again(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	native := p.nativeID(id)
	for _, m := range p.kept {
		if m.Kind == "post" && m.ID == native {
			p.send(m.encode())
			return
		}
	}
}

// Raw sends bytes as a line.
func (p *Platform) Raw(line []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.send(line)
}

// Hostile returns lines that are wrong.
func (p *Platform) Hostile() map[string][]byte {
	return map[string][]byte{
		"no JSON":        []byte(`hello`),
		"half an object": []byte(`{"kind":"post","id":"`),
		"wrong types":    []byte(`{"kind":7,"id":["x"],"text":{},"at":"now"}`),
		"an array":       []byte(`[1,2,3]`),
		"null":           []byte(`null`),
		"no id":          []byte(`{"kind":"post","text":"x","at":1}`),
		"absurd time":    []byte(`{"kind":"post","id":"absurd","text":"x","at":9223372036854775807}`),
		"bad UTF-8":      []byte("{\"kind\":\"post\",\"id\":\"utf\xff\",\"text\":\"\xc3\x28\",\"at\":1}"),
		"NUL bytes":      []byte("\x00\x00\x00"),
		"deep":           []byte(strings.Repeat("[", 100_000)),
		"a megabyte":     []byte(strings.Repeat("x", 1<<20)),
	}
}

// Cut resets every stream's connection.
func (p *Platform) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for s := range p.streams {
		reset(s.conn)
		p.end(s)
	}
}

// End ends every stream's answer.
func (p *Platform) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for s := range p.streams {
		p.end(s)
	}
}

// end ends a stream after what it has to send. Nothing that is published from
// now on goes there.
func (p *Platform) end(s *stream) {
	delete(p.streams, s)
	s.ended = true
	s.signal()
}

// Silence holds back every byte.
func (p *Platform) Silence(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = on
	for s := range p.streams {
		s.signal()
	}
}

// Answer makes requests be answered with a status.
func (p *Platform) Answer(status int, header http.Header) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.header = status, header.Clone()
}

// Refuse closes new connections before they can ask.
func (p *Platform) Refuse(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = on
	if on {
		for c := range p.idle {
			reset(c)
		}
	}
}

// Frame changes how lines end and when they are sent.
func (p *Platform) Frame(newline string, size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.newline, p.hold = newline, size
	for s := range p.streams {
		s.signal()
	}
}

// Open counts the streams open now.
func (p *Platform) Open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.streams)
}

// Attempts counts those tried.
func (p *Platform) Attempts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.attempts
}
