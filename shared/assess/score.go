package assess

import (
	"math"

	"accord/shared/aup"
)

// The figures at which a factor has all of its weight.
const (
	allBeyond = 10.0 // times what is allowed; by orders of magnitude
	allHours  = 72.0
	allErrors = 0.2 // of the service's requests
)

// weighed gives each factor the weight that the policy gives it, and how much of that it has. What a
// suspension would do to others, and conditions such as whether the consumer was told, are not weighed
// against what happened: they decide by themselves.
func weighed(fs []aup.Factor, w aup.Weighing) []aup.Factor {
	for i, f := range fs {
		fs[i].Weight = w.Weights[f.Name]
		if fs[i].Weight > 0 {
			fs[i].Points = points(f)
		}
	}
	return fs
}

func points(f aup.Factor) float64 {
	p := f.Value
	switch f.Name {
	case FactorBeyond:
		p = math.Log(max(1, f.Value)) / math.Log(allBeyond)
	case FactorDuration:
		p = f.Value / allHours
	case FactorErrors:
		p = f.Value / allErrors
	case FactorCatalogue:
		if f.Unit != "share" {
			return 0 // how many there are is not known, or they are none of the catalogue's
		}
	}
	if p > 0 {
		return math.Round(min(1, p)*1000) / 1000
	}
	return 0
}

// score is the weighed mean of the points, 0 to 100.
func score(fs []aup.Factor) float64 {
	var sum, all float64
	for _, f := range fs {
		sum, all = sum+float64(f.Weight)*f.Points, all+float64(f.Weight)
	}
	if all == 0 {
		return 0
	}
	return math.Round(1000*sum/all) / 10
}
