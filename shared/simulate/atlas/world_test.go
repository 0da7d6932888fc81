package atlas

import (
	"math/rand/v2"
	"testing"

	"accord/shared/simulate/traffic"
)

// Numbers and codes of the atlas rise, no area's name is given twice, and every service is where it is listed.
func TestTheAtlasIsWellFormed(t *testing.T) {
	for _, size := range []traffic.Size{traffic.Small, traffic.Large} {
		g := newAtlas(rand.New(rand.NewPCG(3, 3)), size)
		if len(g.units) != Catalogue(size) {
			t.Errorf("%s: %d services, want %d", size.Name, len(g.units), Catalogue(size))
		}
		for i := range g.units[1:] {
			if g.units[i+1].number <= g.units[i].number {
				t.Fatalf("%s: %d follows %d", size.Name, g.units[i+1].number, g.units[i].number)
			}
		}
		for i := range g.providers[1:] {
			if len(g.owned[i]) == 0 || code(g.providers[i+1]) <= code(g.providers[i]) {
				t.Fatalf("%s: provider %s has %d services, %s follows", size.Name, code(g.providers[i]), len(g.owned[i]), code(g.providers[i+1]))
			}
		}
		names := map[string]bool{}
		for _, name := range g.areas {
			if names[name] {
				t.Errorf("%s: two areas are called %s", size.Name, name)
			}
			names[name] = true
		}
	}
}
