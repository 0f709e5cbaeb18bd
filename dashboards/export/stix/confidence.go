package stix

import (
	"winnow/dashboards/export"
	"winnow/pipeline/coordination"
	"winnow/storage"
)

// The scale None, Low, Med, High of appendix A, by the values that it gives for them. It has
// three steps above nothing, as findings have. The Admiralty scale would ask whether another
// source confirms it, and Winnow is only ever one.
const (
	none = 0
	low  = 15
	med  = 50
	high = 85
)

// confidence returns how far a finding can be relied on, and nil if that is not known.
func confidence(d *export.Dataset) *int {
	value := none
	switch {
	case judgement(d) == storage.Wrong:
	case d.Finding.Confidence == string(coordination.ConfidenceEarly):
		value = low
	case d.Finding.Confidence == string(coordination.ConfidenceFirm):
		value = med
	case d.Finding.Confidence == string(coordination.ConfidenceHigh):
		value = high
	default:
		return nil
	}
	return &value
}

// atMost returns a confidence that is not above a limit.
func atMost(c *int, limit int) *int {
	if c == nil {
		return nil
	}
	value := min(*c, limit)
	return &value
}

// judgement returns what people say of a finding now.
func judgement(d *export.Dataset) storage.Judgement {
	if len(d.Verdicts) == 0 {
		return storage.Unjudged
	}
	return storage.Judgement(d.Verdicts[len(d.Verdicts)-1].Judgement)
}
