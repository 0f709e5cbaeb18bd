package app

import (
	"net"
	"sync"
	"time"
)

// doorstep keeps the desk's address open while one desk takes the place of another: who
// comes in between waits there.
type doorstep struct {
	mu      sync.Mutex
	address string
	tcp     *net.TCPListener
}

// listen opens an address, or goes on with it if it is open already.
func (d *doorstep) listen(address string) (net.Listener, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tcp != nil && d.address == address {
		if err := d.tcp.SetDeadline(time.Time{}); err != nil {
			return nil, err
		}
		return kept{d.tcp}, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if d.tcp != nil {
		_ = d.tcp.Close() // nobody listens there any more
	}
	d.address, d.tcp = address, l.(*net.TCPListener) //nolint:forcetypeassert // that is what listening on tcp gives
	return kept{d.tcp}, nil
}

// pause lets nobody in until somebody listens again.
func (d *doorstep) pause() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tcp != nil {
		_ = kept{d.tcp}.Close()
	}
}

// close ends it for good.
func (d *doorstep) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tcp == nil {
		return nil
	}
	err := d.tcp.Close()
	d.tcp = nil
	return err
}

// kept is a listener that stays open behind whoever closes it.
type kept struct{ *net.TCPListener }

// Close wakes up whoever accepts. A deadline that is over does that, and the system goes
// on taking connections in.
func (k kept) Close() error { return k.SetDeadline(time.Unix(1, 0)) }
