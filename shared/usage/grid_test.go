package usage_test

import (
	"fmt"
	"testing"

	"accord/shared/usage"
)

// What lies side by side on a grid is found again from one of its paths, however far it goes, and nothing else is.
func TestPatchOfASample(t *testing.T) {
	tests := []struct {
		name, template, path string
		at                   func(row, col int) string
		found                bool
	}{
		{"whole numbers", "/map/{x}/{y}", "/live/map/12/31", func(r, c int) string { return fmt.Sprintf("/live/map/%d/%d", 10+r, 30+c) }, true},
		{"across zero", "/map/{x}/{y}", "/live/map/0/-1", func(r, c int) string { return fmt.Sprintf("/live/map/%d/%d", r-4, c-4) }, true},
		{"decimals", "/cells/{lat}/{lon}", "/live/cells/51.02/-0.01", func(r, c int) string {
			return fmt.Sprintf("/live/cells/51.%02d/-0.%02d", r, c+1)
		}, true},
		{"others stay", "/tiles/{zoom}/{x}/{y}/{kind}", "/live/tiles/9/12/31/map", func(r, c int) string {
			return fmt.Sprintf("/live/tiles/9/%d/%d/map", 10+r, 30+c)
		}, true},
		{"zeros before numbers, a prefix", "/map/{x}/{y}", "/live/map/0012/row-031", func(r, c int) string { return fmt.Sprintf("/live/map/%04d/row-%03d", 10+r, 30+c) }, true},
		{"a code after numbers", "/map/{x}/{y}/{system}", "/live/map/12/31/EPSG4326", func(r, c int) string { return fmt.Sprintf("/live/map/%d/%d/EPSG4326", 10+r, 30+c) }, true},
		{"another zoom", "/tiles/{zoom}/{x}/{y}", "/live/tiles/8/12/31", func(r, c int) string { return fmt.Sprintf("/live/tiles/9/%d/%d", 10+r, 30+c) }, false},
		{"one number", "/near/{code}/{radius}", "/live/near/AB1/3", func(r, c int) string { return fmt.Sprintf("/live/near/AB%d/%d", r, c) }, false},
		{"a rest of a path", "/files/{x}/{y}/{rest+}", "/live/files/12/31/a", func(r, c int) string { return fmt.Sprintf("/live/files/%d/%d/a", 10+r, 30+c) }, false},
		{"numbers too long", "/map/{x}/{y}", "/live/map/1234567890123456789/1", func(r, c int) string {
			return fmt.Sprintf("/live/map/123456789012345678%d/%d", r, c)
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s usage.Summary
			look := func(path string) {
				s.Add(usage.Call{At: start, Method: "GET", Template: tt.template, Path: path, Status: 200})
			}
			for i := range 64 {
				look(tt.at(i/8, i%8))
			}
			look(tt.at(90, 90))
			p := s.Resources["GET "+tt.template].Distinct.Patch(tt.template, tt.path, 2)
			if want := map[bool]int{true: 64}[tt.found]; len(p.Hashes) != want {
				t.Errorf("%d of the sample found; want %d", len(p.Hashes), want)
			}
			if share := float64(p.Kept) / float64(p.Below); tt.found && (share < 0.6 || share > 0.8) {
				t.Errorf("%d of %d places around were looked at", p.Kept, p.Below)
			}
		})
	}
}

// A sample of a grid of any size tells how full it is: here two places of three.
func TestPatchOfALargeGrid(t *testing.T) {
	for width, reach := range map[int]int64{30: 4, 40: 5, 50: 6} {
		var s usage.Summary
		for i := range width * width {
			if (i/width+i%width)%3 > 0 {
				s.Add(usage.Call{At: start, Method: "GET", Template: "/map/{x}/{y}", Path: fmt.Sprintf("/live/map/%d/%d", 500+i/width, 700+i%width), Status: 200})
			}
		}
		p := s.Resources["GET /map/{x}/{y}"].Distinct.Patch("/map/{x}/{y}", "/live/map/501/700", reach)
		if share := float64(p.Kept) / float64(p.Below); len(p.Hashes) < usage.SketchSize*8/10 || share > 0.75 || share < 0.4 {
			t.Errorf("%d wide: %d found, %.2f full", width, len(p.Hashes), share)
		}
	}
}

func BenchmarkPatch(b *testing.B) {
	var s usage.Summary
	for i := range 2025 {
		s.Add(usage.Call{At: start, Method: "GET", Template: "/map/{x}/{y}", Path: fmt.Sprintf("/live/map/%d/%d", 500+i/45, 700+i%45), Status: 200})
	}
	sample := s.Resources["GET /map/{x}/{y}"].Distinct
	for b.Loop() {
		sample.Patch("/map/{x}/{y}", "/live/map/501/700", 6)
	}
}
