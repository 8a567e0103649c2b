package stats

// NotToldFromBest says of each model whether no significant difference in error
// tells it from the best one, by the adjusted tests of all pairs: of the best
// itself it is true, of a model without an error false. It is nil for one model.
func (c *Comparison) NotToldFromBest(level float64) []bool {
	if len(c.Models) < 2 || len(c.Matrix) != len(c.Models) {
		return nil
	}
	best := -1
	for i, m := range c.Models {
		if m.Error.Defined() && (best < 0 || m.Error < c.Models[best].Error) {
			best = i
		}
	}
	alike := make([]bool, len(c.Models))
	for i, m := range c.Models {
		alike[i] = m.Error.Defined() && (m.Error == c.Models[best].Error || !(float64(c.Matrix[best][i]) <= 1-level))
	}
	return alike
}
