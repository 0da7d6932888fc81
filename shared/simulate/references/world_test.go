package references

import (
	"testing"
	"time"

	"accord/shared/simulate/places"
	"accord/shared/simulate/traffic"
)

// The references are made as those of real directories are.
func TestReferencesAreWellFormed(t *testing.T) {
	for id, want := range map[uint64]uint64{7992739871: 79927398713, 453957876362148: 4539578763621486, 1: 18} {
		if got := checked(id); got != want {
			t.Errorf("%d with its check digit is %d, want %d", id, got, want)
		}
	}
	for want, at := range map[string][2]float64{"u4pruy": {57.64911, 10.40744}, "gcpvj0": {51.5074, -0.1278}} {
		a := actor{places.Actor{Actor: traffic.New(1, 1)}}
		if a.hash(traffic.Start.Add(time.Hour), at[0], at[1]); a.Calls[0].Path != "/prod/geo/"+want {
			t.Errorf("%v is in %s, want %s", at, a.Calls[0].Path, want)
		}
	}
}
