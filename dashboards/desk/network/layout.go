package network

import (
	"math"
	"math/rand/v2"
)

type point struct{ x, y float64 }

// Rounds of the layout, and how strongly everything is drawn to the middle, so that
// what is not connected does not drift away.
const (
	rounds  = 300
	gravity = 0.35
)

// spread places n things so that joined ones are near each other, by the forces of
// Fruchterman and Reingold, Graph Drawing by Force-directed Placement, Software:
// Practice and Experience 21 (1991). Its start comes from a fixed seed, and it uses only
// operations that IEEE 754 rounds the same everywhere; the conversions keep compilers
// from joining two of them into one that rounds once.
func spread(n int, joined [][2]int) []point {
	rnd := rand.New(rand.NewPCG(1991, 21))
	at := make([]point, n)
	for i := range at {
		at[i] = point{rnd.Float64(), rnd.Float64()}
	}
	if n < 2 {
		return at
	}
	k := math.Sqrt(1 / float64(n)) // the distance that two joined things come to
	move := make([]point, n)
	for round := range rounds {
		for i := range move {
			move[i] = point{}
		}
		for i := range at {
			for j := range i {
				dx, dy := at[i].x-at[j].x, at[i].y-at[j].y
				d2 := max(float64(dx*dx)+float64(dy*dy), 1e-9)
				f := float64(k*k) / d2
				push(&move[i], float64(dx*f), float64(dy*f))
				push(&move[j], -float64(dx*f), -float64(dy*f))
			}
		}
		for _, e := range joined {
			i, j := e[0], e[1]
			dx, dy := at[i].x-at[j].x, at[i].y-at[j].y
			f := math.Sqrt(float64(dx*dx)+float64(dy*dy)) / k
			push(&move[i], -float64(dx*f), -float64(dy*f))
			push(&move[j], float64(dx*f), float64(dy*f))
		}
		heat := 0.1 * float64(rounds-round) / rounds
		for i := range at {
			push(&move[i], float64(gravity*(0.5-at[i].x)), float64(gravity*(0.5-at[i].y)))
			m := move[i]
			far := math.Sqrt(float64(m.x*m.x) + float64(m.y*m.y))
			if far == 0 {
				continue
			}
			step := min(far, heat) / far
			push(&at[i], float64(m.x*step), float64(m.y*step))
		}
	}
	return at
}

func push(p *point, dx, dy float64) {
	p.x += dx
	p.y += dy
}

// fit moves points into a box, keeping its shape, and rounds them to tenths.
func fit(at []point, width, height, margin float64) {
	if len(at) == 0 {
		return
	}
	low, high := at[0], at[0]
	for _, p := range at {
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	w, h := max(high.x-low.x, 1e-9), max(high.y-low.y, 1e-9)
	scale := min((width-2*margin)/w, (height-2*margin)/h)
	if len(at) == 1 {
		scale = 0
	}
	for i, p := range at {
		x := float64((p.x-low.x)*scale) + (width-float64((high.x-low.x)*scale))/2
		y := float64((p.y-low.y)*scale) + (height-float64((high.y-low.y)*scale))/2
		at[i] = point{tenths(x), tenths(y)}
	}
}

func tenths(f float64) float64 { return math.Round(f*10) / 10 }
