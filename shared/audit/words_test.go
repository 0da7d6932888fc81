package audit

import (
	"math"
	"testing"
)

func TestNumbersInSentences(t *testing.T) {
	for want, ratio := range map[string]float64{"100 %": 1, "100.1 %": 1.001, "100.0001 %": 1.000001, "99.99 %": .9999, "101 %": 1.012,
		"300 %": 3, "1,000 %": 10, "2 %": .02, "2.1 %": .0206, "0.013 %": .000133, "85 %": .849} {
		if got := percent(ratio); got != want {
			t.Errorf("percent(%v) = %s, want %s", ratio, got, want)
		}
	}
	for want, n := range map[string]float64{"0": 0, "999": 999, "1,000": 1000, "52,341": 52341, "1,234,567": 1234567, "9,223,372,036,854,775,808": math.MaxInt64} {
		if got := count(n); got != want {
			t.Errorf("count(%v) = %s, want %s", n, got, want)
		}
	}
}
