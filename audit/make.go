package audit

import "fmt"

// A picture is of unlike size where its longer side is more than sizeFactor
// times the median or the median more than that times it, and of unlike shape
// where that holds of width over height and shapeFactor.
const (
	sizeFactor  = 2.0
	shapeFactor = 1.5
)

// fewestAlike is the number of pictures from which "most of them" means something.
const fewestAlike = 10

// A set has a common background where borderShare of its pictures have a
// border whose R, G and B all lie within borderReach of their medians.
const (
	borderShare = 0.75
	borderReach = 24
)

func (i *inspection) sizes() {
	if len(i.looks) < fewestAlike {
		return
	}
	var sides []int
	var shapes []float64
	for _, l := range i.looks {
		sides, shapes = append(sides, l.longerPx()), append(shapes, l.shape())
	}
	side, shape := median(sides), median(shapes)
	for k, l := range i.looks {
		p := i.set.Pictures[k]
		switch {
		case unlike(float64(l.longerPx()), float64(side), sizeFactor):
			i.addPicture(Sizes, p, "picture %q is %d x %d pixels; the longer side of most is about %d", p.Path, l.widthPx, l.heightPx, side)
		case unlike(l.shape(), shape, shapeFactor):
			i.addPicture(Sizes, p, "picture %q is %d x %d pixels, %.2f times as wide as high; most are about %.2f", p.Path, l.widthPx, l.heightPx, l.shape(), shape)
		}
	}
}

func (l look) shape() float64 { return float64(l.widthPx) / float64(l.heightPx) }

func unlike(a, b, factor float64) bool { return a > factor*b || b > factor*a }

// backgrounds names the pictures that leave the background that most share.
// Scenes share none, and are not compared.
func (i *inspection) backgrounds() {
	var common [3]uint8
	for c := range common {
		var values []uint8
		for _, l := range i.looks {
			values = append(values, l.border[c])
		}
		common[c] = median(values)
	}
	var others []int
	for k, l := range i.looks {
		if !near(l.border, common) {
			others = append(others, k)
		}
	}
	if float64(len(i.looks)-len(others)) < borderShare*float64(len(i.looks)) {
		return
	}
	for _, k := range others {
		p := i.set.Pictures[k]
		i.addPicture(Backgrounds, p, "picture %q has the border %s; that of most is %s", p.Path, hex(i.looks[k].border), hex(common))
	}
}

func near(a, b [3]uint8) bool {
	for c := range a {
		if max(a[c], b[c])-min(a[c], b[c]) > borderReach {
			return false
		}
	}
	return true
}

func hex(rgb [3]uint8) string { return fmt.Sprintf("#%02x%02x%02x", rgb[0], rgb[1], rgb[2]) }
