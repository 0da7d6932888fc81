package audit

import (
	"fmt"
	"math"
	"strconv"
)

// count writes a whole number with thousands separated: 52,341.
func count(f float64) string {
	s := strconv.FormatFloat(math.Round(f), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes a ratio with two digits or more, and never rounds onto 100 % what is not: 1.0001 is
// 100.01 %.
func percent(ratio float64) string {
	p := ratio * 100
	if p >= 10 && (math.Round(p) != 100 || p == 100) {
		return count(p) + " %"
	}
	s := strconv.FormatFloat(p, 'g', 2, 64)
	for digits := 4; digits < 12 && p > 10 && math.Abs(p-100) < 1 && (s == "1e+02" || s == "100"); digits++ {
		s = strconv.FormatFloat(p, 'g', digits, 64)
	}
	return s + " %"
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %ss", count(float64(n)), one)
}
