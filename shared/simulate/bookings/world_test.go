package bookings

import (
	"math/rand/v2"
	"slices"
	"testing"

	"accord/shared/simulate/traffic"
)

// A campaign hangs together: nothing is numbered twice, and every site has a town, an area and sessions.
func TestACampaignIsWellFormed(t *testing.T) {
	size := traffic.Small
	c := newCampaign(rand.New(rand.NewPCG(1, 2)), size)
	for name, numbers := range map[string][]uint64{"sites": c.sites, "sessions": c.sessions} {
		if !slices.IsSorted(numbers) || len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
			t.Errorf("the numbers of the %s do not rise", name)
		}
	}
	if !slices.IsSorted(c.lots) || len(c.sites) != Catalogue(size) || len(c.outcode) != len(c.inTown) {
		t.Errorf("%d sites, %d outcodes of %d towns", len(c.sites), len(c.outcode), len(c.inTown))
	}
	towns, inArea := make([]int, len(c.sites)), make([]int, areas)
	for _, town := range c.crowd {
		for _, s := range c.inTown[town] {
			towns[s]++
		}
	}
	for s, no := range c.sites {
		if inArea[no/perArea-firstArea]++; towns[s] != 1 || len(c.held[s]) < 2 || !slices.IsSorted(c.held[s]) {
			t.Errorf("site %d is in %d towns and holds %v", no, towns[s], c.held[s])
		}
	}
	if !slices.Equal(inArea, c.inArea) {
		t.Errorf("areas have %v sites, want %v", inArea, c.inArea)
	}
	if old, all := c.published(traffic.Start), c.published(traffic.Start.Add(traffic.Length)); len(old) != c.old || len(all) != len(c.sessions) {
		t.Errorf("%d sessions, then %d", len(old), len(all))
	}
	if got := fillIn(siteList, 11, "flu", 2); got != "/areas/11/vaccines/flu/pages/2" {
		t.Error(got)
	}
}
