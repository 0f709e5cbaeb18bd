package filtered

import (
	"strconv"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/collectors/x/api"
	"winnow/collectors/x/spend"
	v2 "winnow/collectors/x/v2"
	"winnow/pipeline/post"
)

// take decodes a line and those that wait behind it, and delivers their posts.
// The error is a *Fault if X says inside the stream that it ends.
func (st *stream) take(line []byte) error {
	var (
		m       wire.Message
		trouble error
	)
gather:
	for {
		trouble = st.decode(line, &m)
		st.held.Release(weight(line))
		if trouble != nil || len(m.Posts) >= batch {
			break
		}
		select {
		case next, ok := <-st.lines:
			if !ok {
				break gather
			}
			line = next
		default:
			break gather
		}
	}
	if err := st.deliver(&m, spend.Stream, st.out, true); err != nil {
		return err
	}
	return trouble
}

// decode reads one line into m.
func (st *stream) decode(line []byte, m *wire.Message) error {
	ignored, rejects := len(m.Ignored), len(m.Rejects)
	st.asked.line(m, line)
	v2.Decode(line, m)
	for _, r := range m.Rejects[rejects:] {
		st.metrics.rejected.WithLabelValues(string(r.Reason)).Inc()
		// Unreadable or not, it was delivered and is billed.
		st.guard.Read(st.o.Now(), spend.Stream, "unread:"+string(line[:min(len(line), 60)]))
	}
	if len(m.Ignored) > ignored {
		if err := api.Trouble(line); err != nil {
			return st.ending(err)
		}
	}
	return nil
}

// ending adds to a fault told inside the stream until when to wait.
func (s *Source) ending(err error) error {
	if f := collectors.FromError(err); f.Cause == post.Budget {
		return s.capped(f)
	}
	return err
}

// deliver meters posts, hands them over and remembers to look them up again.
func (s *Source) deliver(m *wire.Message, k spend.Kind, out collectors.Out, place bool) error {
	if len(m.Posts) == 0 {
		return nil
	}
	now := s.o.Now()
	ids := make([]string, len(m.Posts))
	for i := range m.Posts {
		p := &m.Posts[i]
		p.ObservedAt = now.UTC()
		ids[i] = p.LocalID()
	}
	s.guard.Read(now, k, ids...)
	d := collectors.Delivery{Posts: m.Posts}
	if place {
		for _, id := range ids {
			if n, err := strconv.ParseUint(id, 10, 64); err == nil {
				s.newest = max(s.newest, n)
			}
		}
		d.Cursor = s.cursor()
	}
	if err := out.Deliver(d); err != nil {
		return err
	}
	s.metrics.posts.WithLabelValues(kindName(k)).Add(float64(len(m.Posts)))
	s.remember(m.Posts)
	return nil
}
