package onnx

import "slices"

// A Point is a layer on the way from the input to an output of the graph, where a
// run of operations ends: what is made of it needs weights, or another layer.
type Point struct {
	Layer
	// Depth is the number of operations with multiply-accumulates on the longest way
	// from the input to the layer.
	Depth int
	// Alone reports whether the whole way leads through the layer: between two such
	// layers lies a block.
	Alone bool
}

// Points lists the points on the way to an edge, in the order of the graph, for an
// input of the given shape. Sizes that the graph computes of its input are no way.
func (g *Graph) Points(to string, shape ...int64) []Point {
	layers := map[string]Layer{}
	for _, l := range g.Layers(shape...) {
		layers[l.Name] = l
	}
	nodes := g.way(to)
	uses := map[string]int{} // of edges, by nodes on the way
	for _, n := range nodes {
		for _, name := range n.from {
			uses[name]++
		}
	}
	var points []Point
	depth, open := map[string]int{}, map[string]int{} // open: uses of edges that are still to come
	for _, v := range g.inputs() {
		open[v.Name] = uses[v.Name]
	}
	for i, n := range nodes {
		most, weighted := 0, 0
		for _, name := range n.from {
			most = max(most, depth[name])
			if open[name]--; open[name] == 0 {
				delete(open, name)
			}
		}
		for _, name := range n.made {
			weighted = max(weighted, int(min(1, layers[name].MACs)))
		}
		for _, name := range n.made {
			depth[name] = most + weighted
			if open[name] = uses[name]; name == to {
				open[name]++
			}
			if name == to || ends(name, nodes[i+1:], layers) {
				points = append(points, Point{layers[name], depth[name], len(open) == 1})
			}
		}
	}
	return points
}

// step is a node on the way, and its edges that lie on it.
type step struct {
	*Node
	from, made []string
}

// way are the nodes between the input and an edge, in the order of the graph.
func (g *Graph) way(to string) []step {
	carries := map[string]bool{} // edges that hold something of the input
	for _, v := range g.inputs() {
		carries[v.Name] = true
	}
	carried := func(name string) bool { return carries[name] }
	var list []step
	for _, n := range g.Nodes {
		from := distinct(n.Inputs, carried)
		if len(from) == 0 || n.Op == "Shape" || n.Op == "Size" {
			continue
		}
		for _, name := range n.Outputs {
			carries[name] = name != ""
		}
		list = append(list, step{n, from, nil})
	}
	needed := map[string]bool{to: true}
	for i, n := range slices.Backward(list) {
		list[i].made = distinct(n.Outputs, func(name string) bool { return needed[name] })
		for _, name := range n.from {
			needed[name] = needed[name] || len(list[i].made) > 0
		}
	}
	return slices.DeleteFunc(list, func(n step) bool { return len(n.made) == 0 })
}

// distinct are the names that are wanted, each once.
func distinct(names []string, wanted func(string) bool) []string {
	var list []string
	for _, name := range names {
		if wanted(name) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// ends reports whether a run of operations ends with an edge: several nodes take it,
// or the only one has weights or takes another edge as well.
func ends(name string, after []step, layers map[string]Layer) bool {
	var only *step
	for i, n := range after {
		if !slices.Contains(n.from, name) {
			continue
		}
		if only != nil {
			return true
		}
		only = &after[i]
	}
	if only == nil {
		return false // part of what a node makes, of no use
	}
	return len(only.from) > 1 || slices.ContainsFunc(only.made, func(made string) bool { return layers[made].MACs > 0 })
}
