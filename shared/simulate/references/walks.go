package references

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// checkDigits knows how the last digit is made, and counts the others.
func checkDigits(a actor) {
	id, next := a.Any(), a.Clock(a.Begins(), a.Pace())
	for range a.N(450) {
		a.ref(next(), id)
		id++
	}
}

// backwards reads old bulletins from the newest down, between midnight and five.
func backwards(a actor) {
	number := archived
	for d := range 3 {
		next := a.Clock(a.Night(d), 15*time.Second/time.Duration(a.Busy))
		for range a.N(170) {
			a.bulletin(next(), number)
			number--
		}
	}
}

// mostlyRepeats walks in three requests of ten, and looks like somebody with favourites in the others.
func mostlyRepeats(a actor) {
	first, known := a.Any(), uint64(1)
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	for range a.N(900) {
		if a.IntN(10) < 7 {
			a.ref(next(), first+a.Uint64N(known))
			continue
		}
		a.ref(next(), first+known)
		known++
	}
}

// deeper begins with the same number every day, and gets farther each time.
func deeper(a actor) {
	first, depth := a.Any(), a.N(110)
	for d := range 3 {
		next := a.Clock(traffic.Start.AddDate(0, 0, d).Add(time.Duration(1+a.IntN(8))*time.Hour), 8*time.Second)
		for i := range depth * (d + 1) {
			a.ref(next(), first+uint64(i))
		}
	}
}

// dayPartitions reads the encounters of each day from the first on until there are no more, then those of the day before.
func dayPartitions(a actor) {
	next, left := a.Clock(a.Begins(), a.Pace()), a.N(500)
	for d := -1 - a.IntN(30); left > 0; d-- {
		last := 60 + a.IntN(120)
		for i := 1; i <= last && left > 0; i, left = i+1, left-1 {
			a.Get(next(), encounter, fmt.Sprintf("/encounters/%s/%d", traffic.Day(d), i))
		}
		a.Do(next(), "GET", encounter, fmt.Sprintf("/encounters/%s/%d", traffic.Day(d), last+1), 404)
	}
}

// withParts reads each service by number, its opening times and what people say of it.
func withParts(a actor) {
	id, next := a.Any(), a.Clock(a.Begins(), a.Pace())
	for range a.N(210) {
		a.ref(next(), id)
		a.part(next(), opening, "/opening", id)
		a.part(next(), reviews, "/reviews", id)
		id++
	}
}
