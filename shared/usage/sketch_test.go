package usage_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accord/shared/usage"
)

// The hashes are stored: a change of these figures, XXH64's published ones, makes every stored sketch wrong.
func TestHashNeverChanges(t *testing.T) {
	for in, want := range map[string]uint64{
		"":    0xef46db3751d8e999,
		"a":   0xd24ec4f1a98c6e5b,
		"abc": 0x44bc2cf5ad770999,
		"Nobody inspects the spammish repetition": 0xfbcea83c8a378bf1,
	} {
		if got := usage.Hash(in); got != want {
			t.Errorf("Hash(%q) = %#x, want %#x", in, got, want)
		}
	}
}

func sketch(from, until int) *usage.Sketch {
	s := new(usage.Sketch)
	for i := from; i < until; i++ {
		s.Add(usage.Hash(fmt.Sprint("/services/", i)))
	}
	return s
}

func TestSketchCountsExactlyBelowItsSizeAndNearlyBeyond(t *testing.T) {
	for _, n := range []int{0, 1, 50, usage.SketchSize - 1} {
		if s := sketch(0, n); s.Estimate() != float64(n) || !s.Exact() {
			t.Errorf("%d elements: estimate %v, exact %v", n, s.Estimate(), s.Exact())
		}
	}
	for _, n := range []int{usage.SketchSize, 500, 5_000, 100_000} {
		if e := sketch(0, n).Estimate(); math.Abs(e-float64(n)) > 0.3*float64(n) {
			t.Errorf("%d elements: estimate %.0f is more than 30 %% off", n, e)
		}
	}
}

// The mean over many sets must be near the truth, or the hash is not uniform.
func TestSketchIsUnbiased(t *testing.T) {
	const n, sets = 1000, 200
	sum := 0.0
	for i := range sets {
		sum += sketch(i*n, (i+1)*n).Estimate()
	}
	if mean := sum / sets; math.Abs(mean-n) > 0.03*n {
		t.Errorf("mean estimate of %d sets of %d: %.1f", sets, n, mean)
	}
}

func TestSketchOverlap(t *testing.T) {
	for _, c := range []struct {
		says string
		a, b *usage.Sketch
		want float64
	}{
		{"equal sets overlap wholly", sketch(0, 5000), sketch(0, 5000), 1},
		{"disjoint sets do not", sketch(0, 5000), sketch(5000, 10000), 0},
		{"half in common is a third of the union", sketch(0, 4000), sketch(2000, 6000), 1.0 / 3},
		{"empty sets do not", new(usage.Sketch), nil, 0},
	} {
		if got := c.a.Overlap(c.b); math.Abs(got-c.want) > 0.1 {
			t.Errorf("%s: got %.2f", c.says, got)
		}
	}
}

func TestSketchMergeIsUnion(t *testing.T) {
	elements := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 600), func(i int) uint64 { return usage.Hash(fmt.Sprint(i)) }), 0, 300)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := elements.Draw(t, "a"), elements.Draw(t, "b"), elements.Draw(t, "c")
		of := func(lists ...[]uint64) *usage.Sketch {
			s := new(usage.Sketch)
			for _, list := range lists {
				for _, h := range list {
					s.Add(h)
				}
			}
			return s
		}
		union := func(parts ...*usage.Sketch) *usage.Sketch {
			s := new(usage.Sketch)
			for _, p := range parts {
				s.Merge(p)
			}
			return s
		}
		all := of(a, b, c)
		for name, got := range map[string]*usage.Sketch{
			"in order":   union(of(a), of(b), of(c)),
			"reversed":   union(of(c), of(b), of(a)),
			"grouped":    union(of(a), union(of(b), of(c))),
			"repeated":   union(of(a), of(b), of(a), of(c), of(c)),
			"with empty": union(nil, of(a), of(b), new(usage.Sketch), of(c)),
		} {
			if !got.Equal(all) {
				t.Errorf("%s: %v, want %v", name, got.Estimate(), all.Estimate())
			}
		}
	})
}

func TestSketchEncoding(t *testing.T) {
	for _, s := range []*usage.Sketch{sketch(0, 0), sketch(0, 3), sketch(0, 1000)} {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		got := new(usage.Sketch)
		if err := json.Unmarshal(text, got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, got); diff != "" {
			t.Error(diff)
		}
	}
	for says, text := range map[string]string{
		"another hash function":   `"md5:AAAAAAAAAAA"`,
		"no hash function":        `"AAAAAAAAAAA"`,
		"not base64":              `"xxh64-high32:!!"`,
		"half a hash":             `"xxh64-high32:AAAA"`,
		"twice the same hash":     `"xxh64-high32:AQAAAAEAAAA"`,
		"hashes in falling order": `"xxh64-high32:AgAAAAEAAAA"`,
		"an array":                `[1,2]`,
	} {
		if err := json.Unmarshal([]byte(text), new(usage.Sketch)); err == nil {
			t.Errorf("%s was read as a sketch", says)
		}
	}
}
