//go:build race

package embedded_test

// raced tells whether the race detector is in this binary.
const raced = true
