package local_test

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
)

// mostColours is how many colours a picture keeps: letters on paper need few.
const mostColours = 24

// small makes a picture of few colours, the ones it has most of.
func small(shot []byte) ([]byte, error) {
	decoded, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	b := decoded.Bounds()
	from := image.NewRGBA(b)
	draw.Draw(from, b, decoded, b.Min, draw.Src)
	counts := map[color.RGBA]int{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			counts[from.RGBAAt(x, y)]++
		}
	}
	palette := colour(counts)
	to := image.NewPaletted(b, palette)
	nearest := map[color.RGBA]uint8{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := from.RGBAAt(x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(palette.Index(c)) //nolint:gosec // at most mostColours
				nearest[c] = i
			}
			to.SetColorIndex(x, y, i)
		}
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to)
	return out.Bytes(), err
}

// colour picks the most frequent colours that are not close to one picked already.
func colour(counts map[color.RGBA]int) color.Palette {
	var all []color.RGBA
	for c := range counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var p color.Palette
	for _, apart := range []int{24, 8} {
		for _, c := range all {
			if len(p) < mostColours && !slices.ContainsFunc(p, func(q color.Color) bool { return distance(c, q.(color.RGBA)) < apart }) {
				p = append(p, c)
			}
		}
	}
	return p
}

func distance(a, b color.RGBA) int {
	d := func(x, y uint8) int { return max(int(x), int(y)) - min(int(x), int(y)) }
	return d(a.R, b.R) + d(a.G, b.G) + d(a.B, b.B)
}
