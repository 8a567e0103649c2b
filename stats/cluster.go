package stats

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
