package simulate

import (
	"testing"
	"time"

	"accord/shared/simulate/traffic"
)

// The ids of the third set are made as those of real directories are.
func TestIDsAreWellFormed(t *testing.T) {
	for id, want := range map[uint64]uint64{7992739871: 79927398713, 453957876362148: 4539578763621486, 1: 18} {
		if got := checked(id); got != want {
			t.Errorf("%d with its check digit is %d, want %d", id, got, want)
		}
	}
	w := &world{size: Small}
	for want, at := range map[string][2]float64{"u4pruy": {57.64911, 10.40744}, "gcpvj0": {51.5074, -0.1278}} {
		key := Key{ID: "k", Kind: Kind{play: func(a *actor) { a.hash(traffic.Start.Add(time.Hour), at[0], at[1]) }}}
		if calls := play(w, key, 1); calls[0].Path != "/prod/geo/"+want {
			t.Errorf("%v is in %s, want %s", at, calls[0].Path, want)
		}
	}
}
