package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"

	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// design is a way to make triplets of pictures.
type design struct {
	name string
	stats.Design
	large bool // takes minutes
}

func designs() []design {
	return []design{
		{name: "everyday@1", Design: everyday()},
		{name: "photo-pairs", Design: photoPairs()},
		{name: "12 pairs x 10, pool of 5", Design: grid(12, 10, 5, false)},
		{name: "15 pairs x 4, pool of 10", Design: grid(15, 4, 10, false)},
		{name: "10 pairs x 8, both directions", Design: grid(10, 8, 80, true)},
		{name: "20 pairs x 4, both directions, pool of 20", Design: grid(20, 4, 20, true)},
		{name: "60 odd-one-out rows", Design: oddOneOut(60)},
		{name: "8 clusters of 6", Design: grid(8, 6, 48, false)},
		{name: "24 pairs x 4, pool of 3", Design: grid(24, 4, 3, false)},
		{name: "24 pairs x 4, pool of 2", Design: grid(24, 4, 2, false)},
		{name: "20 independent triplets", Design: grid(20, 1, 20, false)},
		{name: "100 independent triplets", Design: grid(100, 1, 100, false)},
		{name: "40 pictures fully crossed, 600 triplets", Design: crossed(600, 40)},
		{name: "100 pictures fully crossed, 5,000 triplets", Design: crossed(5000, 100), large: true},
	}
}

func (d *design) add(t, r, u string, thematic bool) {
	d.Pictures = append(d.Pictures, [3]string{t, r, u})
	relation := stimuli.Taxonomic
	if thematic {
		relation = stimuli.Thematic
	}
	d.Relation = append(d.Relation, relation)
}

// grid shows each pair of a target and a related picture so many times beside
// unrelated pictures of a pool; both lets the two change places.
func grid(pairs, each, pool int, both bool) stats.Design {
	var d design
	for i := range pairs {
		for j := range each {
			t, r := fmt.Sprint("t", i), fmt.Sprint("r", i)
			if both && j%2 == 1 {
				t, r = r, t
			}
			d.add(t, r, fmt.Sprint("u", (i*each+j)%pool), i%2 == 1)
		}
	}
	return d.Design
}

// oddOneOut makes two triplets of each row: either of the two that belong
// together is the target.
func oddOneOut(rows int) stats.Design {
	var d design
	for i := range rows {
		a, b, odd := fmt.Sprint("a", i), fmt.Sprint("b", i), fmt.Sprint("c", i)
		d.add(a, b, odd, i%2 == 1)
		d.add(b, a, odd, i%2 == 1)
	}
	return d.Design
}

// crossed draws triplets from few pictures, each in every role.
func crossed(triplets, pictures int) stats.Design {
	var d design
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range triplets {
		p := rng.Perm(pictures)
		d.add(fmt.Sprint(p[0]), fmt.Sprint(p[1]), fmt.Sprint(p[2]), i%2 == 1)
	}
	return d.Design
}

// photoPairsUnrelated are the unrelated pictures of 20 pairs of photographs, each
// shown twice in either direction; the first ten pairs are taxonomic.
var photoPairsUnrelated = [20][4]int{
	{0, 1, 2, 3}, {4, 5, 4, 6}, {6, 2, 7, 5}, {8, 9, 10, 8}, {11, 12, 13, 14},
	{13, 11, 11, 10}, {11, 1, 0, 15}, {16, 1, 0, 8}, {13, 9, 6, 17}, {18, 0, 9, 6},
	{11, 4, 17, 3}, {10, 12, 12, 19}, {11, 13, 6, 1}, {15, 10, 7, 9}, {14, 17, 4, 12},
	{2, 16, 1, 14}, {4, 2, 9, 11}, {19, 10, 8, 9}, {17, 15, 13, 2}, {12, 10, 17, 13},
}

func photoPairs() stats.Design {
	var d design
	for pair, unrelated := range photoPairsUnrelated {
		for i, u := range unrelated {
			a, b := fmt.Sprint("a", pair), fmt.Sprint("b", pair)
			if i >= 2 {
				a, b = b, a
			}
			d.add(a, b, fmt.Sprint("u", u), pair >= 10)
		}
	}
	return d.Design
}

// everyday is the structure of the set inside akin.
func everyday() stats.Design {
	file, err := stimuli.Embedded("everyday@1").Open("triplets.csv")
	if err != nil {
		panic(err) // it is part of the program
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		panic(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	var d design
	for _, row := range rows[1:] {
		d.add(row[at["target"]], row[at["related"]], row[at["unrelated"]], row[at["relation"]] == stimuli.Thematic)
	}
	return d.Design
}
