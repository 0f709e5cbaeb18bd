// Package collectortest is one suite that every live collector passes, against
// a fake of its platform that speaks the real protocol.
//
// It owns what is demanded of all collectors, whatever the platform: what may
// be lost, what may not, what must end. The fakes are their platforms'.
package collectortest
