package usage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"accord/shared/usage"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// visited is a window in which one key looked at some numbers.
func visited(at time.Time, ids ...int) usage.Summary {
	var s usage.Summary
	for _, id := range ids {
		s.Add(usage.Call{At: at, Key: "k", Method: "GET", Template: "/p/{id}", Path: fmt.Sprint("/live/p/", id), Status: 200})
	}
	return s
}

func TestVisitsTellWhatCameAgain(t *testing.T) {
	d := usage.Day{Date: usage.DateOf(start)}
	first, second := start, start.Add(usage.Window)
	d.Put(first, visited(first, 1, 2, 2))
	d.Put(second, visited(second, 2, 3))
	d.Put(first, visited(first, 1, 2, 2)) // folded again
	again, windows := 0, map[int]int{}
	for _, v := range d.Visits["GET /p/{id}"] {
		if windows[v.Window()]++; v.Again() {
			again++
		}
	}
	midnight := start.Truncate(24 * time.Hour)
	n := int(first.Sub(midnight) / usage.Window)
	if again != 1 || windows[n] != 2 || windows[n+1] != 1 {
		t.Errorf("%d came again, first looks by window %v; want 1, and two in %d, one in %d", again, windows, n, n+1)
	}
}

// In whatever order windows are put, and however often, visits are the same, and are stored as they are.
func TestVisitsDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 1))
		var windows []usage.Summary
		for i := range 12 {
			ids := make([]int, 1+r.IntN(60))
			for k := range ids {
				ids[k] = r.IntN(400)
			}
			windows = append(windows, visited(start.Add(time.Duration(i)*usage.Window), ids...))
		}
		put := func(order []int) usage.Day {
			d := usage.Day{Date: usage.DateOf(start)}
			for _, i := range order {
				d.Put(start.Add(time.Duration(i)*usage.Window), windows[i])
			}
			return d
		}
		want := put([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
		got := put(append(r.Perm(12), r.Perm(12)...))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		back, err := usage.DecodeDay(usage.EncodeDay(&got))
		if diff := cmp.Diff(got.Visits, back.Visits); err != nil || diff != "" || len(back.Visits) != 1 {
			t.Fatal(err, diff)
		}
	})
}
