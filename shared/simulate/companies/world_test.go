package companies

import (
	"math/rand/v2"
	"slices"
	"testing"

	"accord/shared/simulate/traffic"
)

func kinds() []traffic.Kind { return Kinds(rand.New(rand.NewPCG(1, 2)), traffic.Small) }

// A number has eight signs, no two companies have the same, and within a series they rise.
func TestNumbersRiseInTheirSeries(t *testing.T) {
	w := draw(rand.New(rand.NewPCG(1, 2)), traffic.Small)
	if len(w.companies) != Catalogue(traffic.Small) || len(w.index) != len(w.companies) {
		t.Fatalf("%d companies with %d numbers, the policy says %d", len(w.companies), len(w.index), Catalogue(traffic.Small))
	}
	for i, c := range w.companies {
		if len(c.String()) != 8 {
			t.Errorf("company %s", c)
		}
		if i > 0 && w.companies[i-1].series == c.series && w.companies[i-1].serial >= c.serial {
			t.Errorf("%s comes after %s", c, w.companies[i-1])
		}
		if !slices.Contains(w.tenants[w.seats[i]], i) || !slices.Contains(w.posts[w.boards[i][0]], i) {
			t.Errorf("%s is not where its address or its officer is looked up", c)
		}
	}
	if !slices.IsSorted(w.documents) {
		t.Error("documents are not numbered as they came in")
	}
}

func TestKindsAreOfBothSorts(t *testing.T) {
	count, names := map[string]int{}, map[string]bool{}
	for _, k := range kinds() {
		sort := "honest"
		switch {
		case k.Hidden:
			sort = "hidden"
		case k.Ordered:
			sort = "ordered"
		case k.Crawls:
			sort = "unordered"
		}
		count[sort]++
		if names[k.Name] || k.Crawls != (sort != "honest") {
			t.Errorf("kind %+v", k)
		}
		names[k.Name] = true
		a := traffic.New(3, 1)
		if k.Play(a); len(a.Calls) < 100 {
			t.Errorf("%s makes %d calls", k.Name, len(a.Calls))
		}
	}
	for sort, want := range map[string]int{"honest": 16, "ordered": 7, "unordered": 5, "hidden": 1} {
		if count[sort] != want {
			t.Errorf("%d %s kinds, want %d", count[sort], sort, want)
		}
	}
}

// What it calls ends in a walk, and no short one; the rest is a site.
func TestHiddenWalkIsUnderTenTimesAsMuchHonestUse(t *testing.T) {
	kinds := kinds()
	a := traffic.New(5, 1)
	kinds[slices.IndexFunc(kinds, func(k traffic.Kind) bool { return k.Hidden })].Play(a)
	walked := map[string]bool{}
	for _, c := range slices.Backward(a.Calls) {
		if c.Template != profile {
			break
		}
		walked[c.Path] = true
	}
	if share := float64(len(walked)) / float64(len(a.Calls)); len(walked) < 300 || share < 0.08 || share > 0.1 {
		t.Errorf("of %d calls the walk has %d numbers", len(a.Calls), len(walked))
	}
}
