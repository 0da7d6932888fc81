package cwlogs

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"testing"
)

// inflated is what an inflater makes of a delivery, a piece at a time; ok is false when it refuses.
func inflated(f *inflater, packed []byte, piece int) (plain []byte, ok bool) {
	f.reset(pad(append([]byte{}, packed...)))
	out := make([]byte, history+piece+slack)
	op := 0
	for f.state < ended {
		if op > history {
			op = copy(out, out[op-history:op])
		}
		from := op
		op = f.next(out, op)
		plain = append(plain, out[from:op]...)
	}
	return plain, f.state == ended
}

func gzipped(plain []byte, level int) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}

func TestADeliveryIsUnpackedAsTheLibraryUnpacksIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	_, log := delivery(3000)
	random := make([]byte, 200_000)
	for i := range random {
		random[i] = byte(rng.Uint32())
	}
	var skewed []byte // codes of every length
	for len(skewed) < 200_000 {
		skewed = append(skewed, byte(min(rng.ExpFloat64()*12, 255)))
	}
	var f inflater
	for says, plain := range map[string][]byte{
		"nothing": nil, "one byte": {'a'}, "a few": []byte("abcabcabcabcabc"), "a log": log, "what does not shrink": random,
		"one byte over and over": bytes.Repeat([]byte{'x'}, 300_000), "codes of every length": skewed,
		"what was 32 KiB before": bytes.Repeat(random[:32<<10], 4),
	} {
		for level := gzip.HuffmanOnly; level <= gzip.BestCompression; level++ {
			packed := gzipped(plain, level)
			for _, piece := range []int{1, 1000, 64 << 10} {
				if piece == 1 && len(plain) > 100 {
					continue
				}
				if got, ok := inflated(&f, packed, piece); !ok || !bytes.Equal(got, plain) {
					t.Errorf("%s, level %d, by %d: unpacked to %d bytes, %v; want %d", says, level, piece, len(got), ok, len(plain))
				}
			}
		}
	}
}

// What is damaged anywhere is refused, or is what it was before.
func TestADamagedDeliveryIsRefused(t *testing.T) {
	_, plain := delivery(20)
	packed := gzipped(plain, gzip.DefaultCompression)
	var f inflater
	for i := range packed {
		for bit := range 8 {
			bad := bytes.Clone(packed)
			bad[i] ^= 1 << bit
			if got, ok := inflated(&f, bad, 1000); ok && !bytes.Equal(got, plain) {
				t.Fatalf("bit %d of byte %d: unpacked to something else", bit, i)
			}
		}
		if _, ok := inflated(&f, packed[:i], 1000); ok {
			t.Fatalf("the first %d bytes were taken for the whole", i)
		}
	}
}

func FuzzInflate(f *testing.F) {
	_, plain := delivery(5)
	for level := gzip.HuffmanOnly; level <= gzip.BestCompression; level++ {
		f.Add(gzipped(plain, level))
	}
	var in inflater
	f.Fuzz(func(t *testing.T, packed []byte) {
		got, ok := inflated(&in, packed, 4000)
		if !ok {
			return
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if want, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("unpacked to %d bytes, by the library to %d, %v", len(got), len(want), err)
		}
	})
}

// BenchmarkInflate measures unpacking alone, in turns with the library.
func BenchmarkInflate(b *testing.B) {
	raw, _ := delivery(10_000)
	var u unpacker
	u.unpack(raw[len(open) : len(raw)-len(end)])
	padded := pad(bytes.Clone(u.zipped))
	var f inflater
	out := make([]byte, history+piece+slack)
	var ours, theirs []float64
	for b.Loop() {
		t := cpu()
		f.reset(padded)
		for op := 0; f.state < ended; op = f.next(out, op) {
			if op > history {
				op = copy(out, out[op-history:op])
			}
		}
		t1 := cpu()
		if f.state != ended {
			b.Fatal("refused")
		}
		u.text.Reset(u.zipped)
		u.plain.Reset()
		if err := u.gz.Reset(&u.text); err != nil {
			b.Fatal(err)
		}
		if _, err := u.plain.ReadFrom(&u.gz); err != nil {
			b.Fatal(err)
		}
		ours, theirs = append(ours, float64(t1-t)/10_000), append(theirs, float64(cpu()-t1)/10_000)
	}
	b.ReportMetric(median(ours), "ns/line")
	b.ReportMetric(median(theirs), "library-ns/line")
}

// A delivery in a shape that only the library unpacks is read all the same.
func TestWhatTheInflaterRefusesIsRead(t *testing.T) {
	var named, twice bytes.Buffer
	w := gzip.NewWriter(&named)
	w.Name = "batch"
	_, _ = w.Write([]byte(dataMessage))
	_ = w.Close()
	twice.Write(gzipped([]byte(dataMessage[:100]), gzip.BestSpeed))
	twice.Write(gzipped([]byte(dataMessage[100:]), gzip.BestSpeed))
	for says, packed := range map[string][]byte{"a name in its header": named.Bytes(), "two members": twice.Bytes()} {
		raw := []byte(open + base64.StdEncoding.EncodeToString(packed) + end)
		var r Reader
		if b, kind, err := r.Read(raw, MaxUnpacked, now); err != nil || kind != Data || b.Count != 3 || r.Lines().Lines != 3 {
			t.Errorf("%s: %+v, %v", says, b, err)
		}
	}
}
