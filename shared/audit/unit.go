package audit

import (
	"slices"

	"accord/shared/usage"
)

// The figures behind what numbers count by.
const (
	withDigit = 10      // what numbers with a check digit count by
	someTens  = 100     // among which chance would have put more than one into the same ten
	noLuck    = 1e-5    // how likely chance may keep them apart so well: it is asked dozens of times a day
	mostUnit  = 32      // up to which it is looked for where not all numbers have it: nine in ten do
	others    = 0.1     // of the numbers that count by something else
	unitSpan  = 1 << 13 // up to which numbers are listed to see: beyond, a sample has too few side by side
)

// unit is what the numbers of a sample, rising, count by: their stride, or 10 where hardly two of them are in the same ten though chance would
// have brought many together, as where the last digit is a check digit; else 1.
func unit(some []number) float64 {
	if len(some) < leastInOrder {
		return 1
	}
	same, near := 0, 0                                   // pairs in the same ten, and in the same hundred
	for i, ten, hundred := 1, 0, 0; i < len(some); i++ { // the first in its ten, and in its hundred
		for some[ten].number/withDigit != some[i].number/withDigit {
			ten++
		}
		for some[hundred].number/someTens != some[i].number/someTens {
			hundred++
		}
		same, near = same+i-ten, near+i-hundred
	}
	by := stride(some)
	if by < withDigit && atMost(float64(same), float64(near)*(withDigit/by-1)/(someTens/by-1)) < noLuck {
		return withDigit
	}
	return by
}

// stride is what all differences between enough numbers are multiples of, or those between nearly all of them.
func stride(some []number) float64 {
	if len(some) < leastInOrder {
		return 1
	}
	step := uint64(0)
	for i := 1; i < len(some); i++ {
		step = divisor(some[i].number-some[i-1].number, step)
	}
	return max(float64(step), mostlyBy(some))
}

// mostlyBy is the most by which nearly all of some numbers are apart, or a multiple of it, but for a few looks at others; else 1.
func mostlyBy(some []number) float64 {
	for by := uint64(mostUnit); by > 1; by-- {
		var left [mostUnit]int
		for _, n := range some {
			left[n.number%by]++
		}
		all := float64(len(some))
		if rest := all - float64(slices.Max(left[:])); rest <= others*all && atMost(rest, all*(1-1/float64(by))) < noLuck {
			return float64(by)
		}
	}
	return 1
}

// divisor is the greatest that two numbers have in common; that of 0 and another is the other.
func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// inUnits is a walk without gaps, or with short ones, where numbers count by more than one: every tenth number, or one of every ten.
// A sample shows that while they are few.
func (l *looked) inUnits(index *usage.Index) bool {
	if l.span > unitSpan || !l.dense(l.distinct) { // they cannot lie closer
		return false
	}
	l.unit = unit(l.firsts(index))
	return l.unit > 1 && l.dense(l.span/l.unit)
}
