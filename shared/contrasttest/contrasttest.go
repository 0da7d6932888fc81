// Package contrasttest measures how well text of one colour is read on another, for the tests of emails and of pages.
package contrasttest

import (
	"math"
	"strconv"
)

// Least is what WCAG 2 asks of text of any size (1.4.3, level AA).
const Least = 4.5

// Ratio is the contrast of two colours of six hexadecimal digits, as WCAG 2 defines it: 1 to 21.
// It panics where one is no colour.
func Ratio(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) (l float64) {
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			panic(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l
}
