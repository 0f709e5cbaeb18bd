package model

import (
	"testing"

	"pgregory.net/rapid"
)

// Whatever sizes panels have, they keep their order and size, lie within the
// grid, and none covers another.
func TestPlacedPanelsNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var panels []Panel
		for range rapid.IntRange(1, 30).Draw(t, "panels") {
			panels = append(panels, Panel{GridPos: Grid{W: rapid.IntRange(1, columns).Draw(t, "w"), H: rapid.IntRange(1, 12).Draw(t, "h")}})
		}
		place(panels)
		for i, p := range panels {
			g := p.GridPos
			if g.X < 0 || g.Y < 0 || g.X+g.W > columns {
				t.Fatalf("panel %d lies outside the grid: %+v", i, g)
			}
			if i > 0 && (g.Y < panels[i-1].GridPos.Y || g.Y == panels[i-1].GridPos.Y && g.X <= panels[i-1].GridPos.X) {
				t.Fatalf("panel %d comes before the one before it", i)
			}
			for j, q := range panels[:i] {
				o := q.GridPos
				if g.X < o.X+o.W && o.X < g.X+g.W && g.Y < o.Y+o.H && o.Y < g.Y+g.H {
					t.Fatalf("panels %d and %d overlap: %+v, %+v", j, i, o, g)
				}
			}
		}
	})
}

// What is folded away lies below its row and not on the row after it.
func TestFoldedPanelsLieBelowTheirRow(t *testing.T) {
	panels := []Panel{
		{GridPos: Grid{W: 10, H: 5}},
		Folded(2, "closed", Panel{GridPos: Grid{W: 20, H: 4}}, Panel{GridPos: Grid{W: 20, H: 4}}),
		{GridPos: Grid{W: 24, H: 1}},
	}
	place(panels)
	in := panels[1].Panels
	if panels[1].GridPos.Y != 5 || in[0].GridPos.Y != 6 || in[1].GridPos.Y != 10 || panels[2].GridPos.Y != 6 {
		t.Errorf("row at %+v, in it %+v and %+v, then %+v", panels[1].GridPos, in[0].GridPos, in[1].GridPos, panels[2].GridPos)
	}
}
