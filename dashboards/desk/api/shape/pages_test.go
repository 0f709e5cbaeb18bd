package shape

import "testing"

// A viewer is not led to what a viewer may not take out.
func TestPagesByRole(t *testing.T) {
	for _, may := range []bool{true, false} {
		c, f := NewCampaignPages("a / b", may), NewFindingPages("a / b", "c0ffee01", may)
		if (c.Names != nil) != may || (f.List != nil) != may || c.Report != "/campaign/report?name=a+%2F+b" {
			t.Errorf("may %v: %+v %+v", may, c, f)
		}
	}
}
