package audit

import "github.com/akin-vision/akin/stimuli"

// NearDistance is the number of bits, of 64, in which the hashes of two
// pictures may differ that still count as look-alikes. Among 19,900 pairs of
// ImageNet photographs none is nearer than 16, among the 57,630 of everyday one
// (car and police car) is within 6 and six unlike ones are at 8; copies that
// were compressed, halved or brightened all lie within 6.
const NearDistance = 6

// copies finds one picture under several names, by the hash of its file.
func (i *inspection) copies() {
	first := map[stimuli.Hash]*stimuli.Picture{}
	for _, p := range i.set.Pictures {
		if original, copied := first[p.Hash]; copied {
			i.addPicture(Copies, p, "picture %q is the same file as %q", p.Path, original.Path)
		} else {
			first[p.Hash] = p
		}
	}
}

// lookAlikes finds pictures that differ in their bytes but hardly to the eye.
func (i *inspection) lookAlikes() {
	for b, p := range i.set.Pictures {
		for a, q := range i.set.Pictures[:b] {
			if bits := i.looks[a].distance(i.looks[b]); bits <= NearDistance && p.Hash != q.Hash {
				i.addPicture(LookAlikes, p, "picture %q looks like %q: their hashes differ in %d of 64 bits", p.Path, q.Path, bits)
			}
		}
	}
}

// roles finds, once for each picture, a target that is a distractor elsewhere,
// and pairs that are called both related and unrelated.
func (i *inspection) roles() {
	target := map[stimuli.Hash]int{} // line
	related := map[[2]stimuli.Hash]int{}
	for _, t := range i.set.Triplets {
		if target[t.Target.Hash] == 0 {
			target[t.Target.Hash] = t.Line
		}
		related[pair(t.Target, t.Related)] = t.Line
	}
	told := map[stimuli.Hash]bool{}
	for _, t := range i.set.Triplets {
		if line := related[pair(t.Target, t.Unrelated)]; line != 0 {
			i.add(Roles, t.Line, "%q and %q are unrelated here and related on line %d", t.Target.Path, t.Unrelated.Path, line)
		}
		if line := target[t.Unrelated.Hash]; line != 0 && !told[t.Unrelated.Hash] {
			told[t.Unrelated.Hash] = true
			i.add(Roles, t.Line, "distractor %q is the target on line %d", t.Unrelated.Path, line)
		}
	}
}

// pair does not depend on the order of its pictures.
func pair(a, b *stimuli.Picture) [2]stimuli.Hash {
	if b.Hash.String() < a.Hash.String() {
		a, b = b, a
	}
	return [2]stimuli.Hash{a.Hash, b.Hash}
}
