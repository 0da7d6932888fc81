package simulate_test

import (
	"strings"
	"testing"

	"accord/shared/simulate"
	"accord/shared/simulate/traffic"
)

// What docs/detection.md reports, on two of its seeds: nobody honest is suspended, of any kind, and
// crawling is found about as often as it says.
func TestScore(t *testing.T) {
	rows, err := simulate.Score(t.Context(), simulate.Small, []uint64{101, 102})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if !r.Kind.Crawls && r.Suspended > 0 {
			t.Errorf("%s: %d of %d honest keys suspended", r.Kind.Name, r.Suspended, r.Keys)
		}
	}
	share := func(of func(traffic.Kind) bool) float64 {
		sum := simulate.Sum(rows, "", of)
		return float64(sum.Flagged) / float64(sum.Keys)
	}
	if got := share(func(k traffic.Kind) bool { return !k.Crawls && !k.HeldOut }); got > 0.005 {
		t.Errorf("%.1f %% of the honest keys were flagged", 100*got)
	}
	if got := share(func(k traffic.Kind) bool { return k.Ordered && !k.HeldOut }); got < 0.8 {
		t.Errorf("only %.0f %% of the ordered crawls were found", 100*got)
	}
}

func TestAReportSaysWhatItCounts(t *testing.T) {
	rows := []simulate.Row{
		{Kind: traffic.Kind{Name: "walk", Crawls: true, Ordered: true}, Keys: 4, Flagged: 3, Suspended: 1, After: []int{90, 110, 290}, Soon: 3, InTime: 2},
		{Kind: traffic.Kind{Name: "walk in strides", Crawls: true, Ordered: true}, Keys: 2, Flagged: 1, After: []int{700}},
		{Kind: traffic.Kind{Name: "clinic", HeldOut: true}, Keys: 2, Otherwise: 1},
	}
	var b strings.Builder
	if err := simulate.Print(&b, rows); err != nil {
		t.Fatal(err)
	}
	want := `
                               keys     flagged  suspended  otherwise  median  in 150  in 250 or 2 min  in 600  in time
HONEST, held out                  2     0 (0 %)          0          1
  clinic                          2     0 (0 %)          0          1
ORDERED CRAWLING, tuned on        6    4 (67 %)          1          0     290       2                3       3        2
  walk                            4    3 (75 %)          1          0     110       2                3       3        2
  walk in strides                 2    1 (50 %)          0          0     700       0                0       0        0
`
	if got, _, _ := strings.Cut(b.String(), "\nflagged  "); "\n"+got != want {
		t.Errorf("got\n%s", b.String())
	}
}
