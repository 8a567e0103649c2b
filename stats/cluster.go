package stats

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
// first appearance.
func Clusters(pictures [][3]string) []int { return number(pictures).components(3) }

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
