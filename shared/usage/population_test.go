package usage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"accord/shared/aup"
	"accord/shared/usage"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// asks is a key that looks at some numbers under one of a few templates.
type asks struct {
	key      aup.KeyID
	template int
	ids      []int
}

func (a asks) sketch() *usage.Sketch {
	var s usage.Sketch
	for _, id := range a.ids {
		s.Add(usage.Hash(fmt.Sprint(a.template, "/", id)))
	}
	return &s
}

func (a asks) name() string { return fmt.Sprintf("GET /t%d/{id}", a.template) }

func public(r *rand.Rand, keys, resources int) (all []asks) {
	zipf := rand.NewZipf(r, 1.1, 4, uint64(resources-1))
	for k := range keys {
		a := asks{key: aup.KeyID(fmt.Sprint("k", k)), template: r.IntN(3)}
		for range 100 {
			a.ids = append(a.ids, int(zipf.Uint64()))
		}
		all = append(all, a)
	}
	return all
}

// In any order, twice, and in parts that are merged, what all ask for comes to the same; it stays small, and is
// read as it was stored.
func TestPopulationIsAUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		all := public(r, 25, 40_000)
		var want usage.Population
		samples := make([]*usage.Sketch, len(all))
		for i, a := range all {
			samples[i] = a.sketch()
			want.Add(a.key, a.name(), samples[i])
		}
		var parts [3]usage.Population
		for _, i := range append(r.Perm(len(all)), r.Perm(len(all))...) {
			parts[r.IntN(3)].Add(all[i].key, all[i].name(), samples[i])
		}
		var got usage.Population
		for _, p := range parts {
			got.Merge(p)
		}
		stored := want.Encode()
		if diff := cmp.Diff(stored, got.Encode()); diff != "" {
			t.Fatal(diff)
		}
		if len(stored) > 13_000 {
			t.Fatalf("%d bytes", len(stored))
		}
		back, err := usage.DecodePopulation(stored)
		if err != nil || cmp.Diff(stored, back.Encode()) != "" {
			t.Fatalf("read otherwise than it was stored: %v", err)
		}
	})
}

// Who asks as the public does meets popular resources as often as the public; who asks at random, hardly ever.
func TestAskedTellsThePublicFromChance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var p usage.Population
	for _, a := range public(r, 120, 6000) {
		a.template = 1
		p.Add(a.key, a.name(), a.sketch())
	}
	one := public(r, 1, 6000)[0]
	one.key, one.template = "one-more", 1
	blind := asks{key: "blind", template: 1, ids: r.Perm(6000)[:100]}
	like := p.Asked([]aup.KeyID{one.key}, one.name(), one.sketch(), 0.05, 6000)
	not := p.Asked([]aup.KeyID{blind.key}, blind.name(), blind.sketch(), 0.05, 6000)
	share := func(a usage.Asked) float64 { return float64(a.Popular) / float64(a.Looked) }
	if there := float64(not.Looked) * float64(not.Rare) / float64(not.Shared) / not.Part; there < 4000 || there > 9000 {
		t.Errorf("of 6,000 resources there seem to be %.0f to who asks at random: %+v", there, not)
	}
	if share(like) < 0.4 || share(not) > 0.12 || like.Heads < 20 || like.Share < 0.4 {
		t.Errorf("like the public: %+v; at random: %+v", like, not)
	}
	alone := asks{key: "alone", template: 2, ids: []int{1, 2, 3}}
	p.Add(alone.key, alone.name(), alone.sketch())
	if a := p.Asked([]aup.KeyID{alone.key}, alone.name(), alone.sketch(), 0.05, 6000); a.Rare != 0 || a.Shared != 0 {
		t.Errorf("nobody else asked for any of these, and yet %+v", a)
	}
	if a := p.Asked(nil, "GET /unknown/{id}", blind.sketch(), 0.05, 0); a != (usage.Asked{}) {
		t.Errorf("nothing is known of a template, and yet %+v", a)
	}
}

// Numbers that several others asked for are counted, one's own and those of a single other are not.
func TestAmongCountsWhatOthersAskedFor(t *testing.T) {
	const name = "GET /services/{id}"
	as := usage.NumberingOf("/services/{id}", nil)
	var p usage.Population
	for i, key := range []aup.KeyID{"own", "a", "a", "b", "a"} {
		s := usage.Summary{}
		s.Add(usage.Call{Key: key, Method: "GET", Template: "/services/{id}", Path: fmt.Sprint("/live/services/", 10+i), Status: 200})
		p.AddWindow(key, &s)
	}
	for _, tt := range []struct {
		low, high uint64
		want      int
	}{{10, 14, 4}, {13, 14, 2}, {10, 12, 0}, {15, 99, 0}} {
		if got := p.Among([]aup.KeyID{"own"}, name, as, tt.low, tt.high); got != tt.want {
			t.Errorf("from %d to %d: got %d; want %d", tt.low, tt.high, got, tt.want)
		}
	}
}

func TestDamagedPopulationsAreRefused(t *testing.T) {
	var p usage.Population
	for _, a := range public(rand.New(rand.NewPCG(1, 2)), 10, 500) {
		p.Add(a.key, a.name(), a.sketch())
	}
	stored := p.Encode()
	for n := range stored {
		if _, err := usage.DecodePopulation(stored[:n]); err == nil && n > 0 {
			t.Fatalf("%d of %d bytes were read without an error", n, len(stored))
		}
	}
}

// Merging is commutative and associative, has the empty population as its identity, and twice is once. With more templates
// than are kept, the order decides how small the sample becomes, and nothing else: what is in both says the same.
func TestPopulationsMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		templates := rapid.IntRange(1, 30).Draw(t, "templates")
		parts := make([][]asks, 3)
		for i := range parts {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), uint64(i)))
			parts[i] = public(r, rapid.IntRange(0, 25).Draw(t, "keys"), 40_000)
			for j := range parts[i] {
				parts[i][j].template = r.IntN(templates)
			}
		}
		part := func(i int) (p usage.Population) {
			for _, a := range parts[i] {
				p.Add(a.key, a.name(), a.sketch())
			}
			return p
		}
		merged := func(all ...usage.Population) (p usage.Population) {
			for _, one := range all {
				p.Merge(one)
			}
			return p
		}
		same := func(what string, a, b usage.Population) {
			if diff := cmp.Diff(a.Encode(), b.Encode()); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		left, right := merged(merged(part(0), part(1)), part(2)), merged(part(0), merged(part(1), part(2)))
		if templates <= usage.MaxResources {
			same("associates", left, right)
			same("commutes", merged(part(0), part(1)), merged(part(1), part(0)))
		}
		for name, demand := range left.Demand {
			if right.Demand[name] == nil {
				t.Errorf("%s is kept in one order only", name)
			}
			for h, groups := range demand {
				if other, both := right.Demand[name][h]; both && other != groups {
					t.Errorf("%s, %d: asked for by %b or by %b", name, h, groups, other)
				}
			}
		}
		same("identity", merged(part(0), usage.Population{}), merged(part(0)))
		same("twice", merged(part(0), part(0)), merged(part(0)))
	})
}
