package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// observation is one outcome between 0 and 1 (a tie is 1/2) under a row of
// covariates that many outcomes share.
type observation struct {
	pattern, cluster int
	outcome          float64
}

// logistic is a fitted logistic regression with cluster-robust (sandwich)
// covariance.
type logistic struct {
	coefficients []float64
	covariance   *mat.SymDense
	// separated tells that some combination of covariates predicts outcomes
	// perfectly: the likelihood has no maximum and nothing else is set.
	separated bool
}

const (
	newtonSteps = 50
	// certain is the fitted probability so close to 0 that only a diverging
	// coefficient reaches it.
	certain = 1e-8
)

// fitLogistic maximises the quasi-binomial likelihood by Newton's method over
// the distinct covariate patterns. The covariance adds up scores by cluster and
// has the usual correction G/(G-1) (N-1)/(N-K). As statsmodels GLM(family =
// Binomial) and Logit with cov_type="cluster".
func fitLogistic(patterns [][]float64, observations []observation, clusters int) logistic {
	k := len(patterns[0])
	times, outcomes := make([]float64, len(patterns)), make([]float64, len(patterns))
	for _, o := range observations {
		times[o.pattern]++
		outcomes[o.pattern] += o.outcome
	}
	beta := mat.NewVecDense(k, nil)
	var inverse mat.SymDense
	for range newtonSteps {
		score, information := mat.NewVecDense(k, nil), mat.NewSymDense(k, nil)
		for g, x := range patterns {
			row := mat.NewVecDense(k, x)
			p := logisticCDF(mat.Dot(row, beta))
			if times[g] > 0 && min(p, 1-p) < certain {
				return logistic{separated: true}
			}
			score.AddScaledVec(score, outcomes[g]-times[g]*p, row)
			information.SymRankOne(information, times[g]*p*(1-p), row)
		}
		var factor mat.Cholesky
		if !factor.Factorize(information) || factor.InverseTo(&inverse) != nil {
			return logistic{separated: true}
		}
		step := mat.NewVecDense(k, nil)
		step.MulVec(&inverse, score)
		beta.AddVec(beta, step)
		if mat.Norm(step, math.Inf(1)) < 1e-12 {
			break
		}
	}
	fitted := logistic{coefficients: beta.RawVector().Data}
	fitted.covariance = sandwich(&inverse, patterns, fitted.residuals(patterns, observations), clusters, len(observations))
	return fitted
}

func logisticCDF(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// residual is an observation's outcome less its fitted value.
type residual struct {
	pattern, cluster int
	value            float64
}

func (l logistic) residuals(patterns [][]float64, observations []observation) []residual {
	fitted := make([]float64, len(patterns))
	for g, x := range patterns {
		eta := 0.0
		for j, value := range x {
			eta += value * l.coefficients[j]
		}
		fitted[g] = logisticCDF(eta)
	}
	residuals := make([]residual, len(observations))
	for i, o := range observations {
		residuals[i] = residual{o.pattern, o.cluster, o.outcome - fitted[o.pattern]}
	}
	return residuals
}

// sandwich is bread * (sum over clusters of score score') * bread with the
// correction for few clusters and observations.
func sandwich(bread *mat.SymDense, patterns [][]float64, residuals []residual, clusters, observations int) *mat.SymDense {
	k := len(patterns[0])
	scores := mat.NewDense(clusters, k, nil)
	occupied := make([]bool, clusters)
	for _, r := range residuals {
		row := scores.RawRowView(r.cluster)
		for j, x := range patterns[r.pattern] {
			row[j] += x * r.value
		}
		occupied[r.cluster] = true
	}
	g, n := 0.0, float64(observations)
	for _, present := range occupied {
		g += indicator(present)
	}
	var half mat.Dense
	half.Mul(scores, bread)
	var covariance mat.SymDense
	covariance.SymOuterK(g/(g-1)*(n-1)/(n-float64(k)), half.T())
	return &covariance
}

// wald tests that the coefficients from first up are all zero: chi-square and
// its degrees of freedom. NaN where their covariance is singular, as with fewer
// clusters than coefficients.
func (l logistic) wald(first int) (chiSquare float64, degrees int) {
	k := len(l.coefficients)
	degrees = k - first
	block := mat.NewSymDense(degrees, nil)
	for i := range degrees {
		for j := i; j < degrees; j++ {
			block.SetSym(i, j, l.covariance.At(first+i, first+j))
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(block) || factor.Cond() > 1e12 {
		return math.NaN(), degrees
	}
	b := mat.NewVecDense(degrees, l.coefficients[first:])
	var solved mat.VecDense
	if factor.SolveVecTo(&solved, b) != nil {
		return math.NaN(), degrees
	}
	return mat.Dot(b, &solved), degrees
}
