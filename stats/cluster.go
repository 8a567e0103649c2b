package stats

// Linkage says which shared pictures make triplets dependent, and so what the
// independent units, the clusters, are.
type Linkage string

// The linkages, from the most careful to the most lenient.
const (
	AnyPicture     Linkage = "any picture"               // connected by a picture in any role
	ObjectPictures Linkage = "target or related picture" // a shared unrelated picture is let pass
	TargetPicture  Linkage = "target picture"            // only triplets about one object belong together
)

// enoughClusters is the effective number of clusters from which resampling them
// is worth more than pretending that there are fewer dependencies.
const enoughClusters = 20

// clusters are those of the first linkage that leaves enough of them. Where a
// set uses its pictures again and again, nearly all triplets hang together
// through unrelated pictures, and five clusters of which one holds almost
// everything can carry no interval; the link through the object itself is the
// strong one. Where no linkage leaves enough, the most careful one stands.
func (d Design) clusters() ([]int, Linkage) {
	every := Clusters(d.Pictures)
	if effective(every) >= enoughClusters {
		return every, AnyPicture
	}
	linked := make([][3]string, len(d.Pictures))
	for i, p := range d.Pictures {
		linked[i] = [3]string{p[0], p[1], p[1]}
	}
	if c := Clusters(linked); effective(c) >= enoughClusters {
		return c, ObjectPictures
	}
	for i, p := range d.Pictures {
		linked[i] = [3]string{p[0], p[0], p[0]}
	}
	if c := Clusters(linked); effective(c) >= enoughClusters {
		return c, TargetPicture
	}
	return every, AnyPicture
}

// effective is the number of equal clusters that would be worth as much as
// these: n squared over the sum of squared sizes (Kish 1965).
func effective(clusters []int) float64 {
	sizes := make([]float64, count(clusters))
	for _, c := range clusters {
		sizes[c]++
	}
	var squares float64
	for _, size := range sizes {
		squares += size * size
	}
	n := float64(len(clusters))
	return n * n / squares
}

// Clusters gives each triplet {target, related, unrelated} of picture names the
// number of its cluster: the connected component of triplets that share a
// picture, directly or through others. Numbers run from 0 in the order of
// first appearance. Triplets of one cluster are dependent; clusters are not.
func Clusters(pictures [][3]string) []int {
	parent := make([]int, len(pictures))
	first := make(map[string]int, 3*len(pictures)) // a triplet that shows the picture
	for i, triplet := range pictures {
		parent[i] = i
		for _, picture := range triplet {
			j, shown := first[picture]
			if !shown {
				first[picture] = i
				continue
			}
			parent[root(parent, j)] = root(parent, i)
		}
	}
	number := make(map[int]int)
	clusters := make([]int, len(pictures))
	for i := range pictures {
		r := root(parent, i)
		if _, known := number[r]; !known {
			number[r] = len(number)
		}
		clusters[i] = number[r]
	}
	return clusters
}

// root is the representative of i's component, halving the path on the way.
func root(parent []int, i int) int {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

// count is the number of clusters in a numbering that starts at 0.
func count(clusters []int) int {
	n := 0
	for _, c := range clusters {
		n = max(n, c+1)
	}
	return n
}

// largest is the number of triplets in the largest cluster.
func largest(clusters []int) int {
	sizes := make([]int, count(clusters))
	most := 0
	for _, c := range clusters {
		sizes[c]++
		most = max(most, sizes[c])
	}
	return most
}
