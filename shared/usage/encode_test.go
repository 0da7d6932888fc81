package usage_test

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"accord/shared/usage"
)

var update = flag.Bool("update", false, "write the golden files anew")

func encoded(t *usage.Tally) []byte {
	var e usage.Encoder
	e.Tally(start, t)
	return e.Bytes()
}

func decoded(b []byte) (usage.Summary, error) {
	var t usage.Tally
	d := usage.NewDecoder(b, usage.Names{})
	d.Tally(start, &t)
	return t.Summary(), d.End()
}

func TestASummaryIsReadAsItWasWritten(t *testing.T) {
	var used usage.Tally
	rapid.Check(t, func(t *rapid.T) {
		in := calls.Draw(t, "calls")
		first := encoded(tally(&used, in))
		back, err := decoded(first)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "read back", summary(in), back)
		again := encoded(tally(&used, rapid.Permutation(in).Draw(t, "shuffled")))
		if !bytes.Equal(first, again) {
			t.Error("the same calls in another order are written otherwise")
		}
	})
}

func TestReadingIntoATallyMerges(t *testing.T) {
	var used, into usage.Tally
	rapid.Check(t, func(t *rapid.T) {
		into.Reset()
		a, b := calls.Draw(t, "a"), calls.Draw(t, "b")
		for _, part := range [][]usage.Call{a, b} {
			d := usage.NewDecoder(encoded(tally(&used, part)), nil)
			if d.Tally(start, &into); d.End() != nil {
				t.Fatal(d.Err())
			}
		}
		equal(t, "merged", summary(slices.Concat(a, b)), into.Summary())
	})
}

func TestADayIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := windows(calls.Draw(t, "calls"))
		want := day(all, slices.Collect(maps.Keys(all)))
		for w := range all {
			want.Overlap(w, rapid.Bool().Draw(t, "overlap"))
		}
		at := func(label string) time.Time {
			return start.Add(time.Duration(rapid.Int64Range(0, 1<<50).Draw(t, label)))
		}
		if rapid.Bool().Draw(t, "collected") {
			want.Read("gold", usage.Reading{Used: 5, At: at("gold")})
			want.Read("", usage.Reading{At: at("none")})
		}
		if rapid.Bool().Draw(t, "once") {
			want.Read("tin", usage.Reading{Used: 7, At: at("tin")})
		}
		b := usage.EncodeDay(&want)
		got, err := usage.DecodeDay(b)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "day", want, got)
		if !bytes.Equal(b, usage.EncodeDay(&got)) {
			t.Error("written again, it is otherwise")
		}
	})
}

// busyWindow is what a key did that called so often in one window, over some templates, from one network
// or many.
func busyWindow(n, templates, networks int) *usage.Tally {
	rng := rand.New(rand.NewPCG(1, 2))
	var t usage.Tally
	for i := range n {
		kind := fmt.Sprint("kind", rng.IntN(templates))
		id := rng.IntN(150_000)
		t.Add(&usage.Call{At: start.Add(time.Duration(i) * 5 * time.Minute / time.Duration(n)), RequestID: fmt.Sprintf("TWegAcC4%07x=", id), Path: fmt.Sprintf("/prod/%s/%d", kind, id),
			Status: 200, Bytes: int64(200 + id), Latency: time.Duration(5+rng.IntN(200)) * time.Millisecond, Source: fmt.Sprintf("198.51.%d.7", rng.IntN(networks))}, usage.NewName("GET", "/"+kind+"/{id}"))
	}
	return &t
}

func TestABusyKeysWindowIsSmall(t *testing.T) {
	for _, c := range []struct {
		says                       string
		calls, templates, networks int
		most, kept                 int
	}{
		{"one call", 1, 1, 1, 110, 100},
		{"1,000 calls under one template", 1000, 1, 1, 1200, 150},
		{"1,000 calls under three templates, from 100 networks", 1000, 3, 100, 3600, 700},
		{"20,000 calls under forty templates, from 250 networks", 20_000, 40, 250, 14_000, 1400},
	} {
		w := busyWindow(c.calls, c.templates, c.networks)
		var e usage.Encoder
		e.Figures(start, w)
		n, kept := len(encoded(w)), len(e.Bytes())
		t.Logf("%s: %d bytes", c.says, kept)
		t.Logf("%s, and samples: %d bytes", c.says, n)
		if n > c.most || kept > c.kept {
			t.Errorf("%s: %d and %d bytes are more than %d and %d", c.says, n, kept, c.most, c.kept)
		}
	}
}

// What a release stores, every later one reads.
func TestStoredBytesStayReadable(t *testing.T) {
	w := busyWindow(300, 15, 3)
	d := usage.Day{Date: usage.DateOf(start), Gateway: map[string]usage.Reading{"gold": {Used: 300, At: start.Add(26 * time.Hour)}}}
	d.Put(start, w.Summary())
	d.Put(start.Add(usage.Window), busyWindow(20, 2, 2).Summary())
	d.Overlap(start, true)
	unvisited, missed := d, usage.Day{Date: d.Date}
	unvisited.Visits = nil
	missed.Put(start, summary([]usage.Call{{At: start, Method: "GET", Template: "/kind1/{id}", Path: "/prod/kind1/7", Status: 404}}))
	for name, c := range map[string]struct {
		bytes []byte // none: of a form that is only read
		read  func([]byte) (any, error)
		want  any
	}{
		"window": {encoded(w), func(b []byte) (any, error) { return decoded(b) }, w.Summary()},
		"day":    {nil, func(b []byte) (any, error) { return usage.DecodeDay(b) }, unvisited},
		"missed": {usage.EncodeDay(&missed), func(b []byte) (any, error) { return usage.DecodeDay(b) }, missed},
		"visits": {usage.EncodeDay(&d), func(b []byte) (any, error) { return usage.DecodeDay(b) }, d},
	} {
		file := "testdata/" + name + ".hex"
		if *update && c.bytes != nil {
			if err := os.WriteFile(file, []byte(wrapped(hex.EncodeToString(c.bytes))), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := hex.DecodeString(strings.Join(strings.Fields(string(golden)), ""))
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.read(stored)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s is read otherwise: %s", name, diff)
		}
		if c.bytes != nil && !bytes.Equal(stored, c.bytes) {
			t.Errorf("%s is written otherwise: make it another version, and go on reading this one", name)
		}
	}
}

func wrapped(s string) string {
	var b strings.Builder
	for line := range slices.Chunk([]byte(s), 96) {
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String()
}

func TestWhatWasNotStoredByThisIsRefused(t *testing.T) {
	good := encoded(busyWindow(10, 1, 1))
	for says, c := range map[string]struct {
		b    []byte
		want string
	}{
		"nothing":                   {nil, "does not begin"},
		"JSON":                      {[]byte(`{"requests":1}`), "does not begin"},
		"a later version":           {append([]byte("AU\x02\x01"), good[4:]...), "version 2"},
		"another hash function":     {append([]byte("AU\x01\x02"), good[4:]...), "function 2"},
		"half of it":                {good[:len(good)/2], "damaged"},
		"something after it":        {append(slices.Clone(good), 0), "damaged"},
		"a name that is not there":  {[]byte("AU\x01\x01\x00\x00\x00\x01\x05\x00\x00"), "damaged"},
		"more names than bytes":     {[]byte("AU\x01\x01\xff\xff\xff\xff\x0f"), "damaged"},
		"a sketch that is too long": {[]byte("AU\x01\x01\x00\x80\x40\x00\x81\x01\x00\x00\x00"), "damaged"},
	} {
		if _, err := decoded(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it to say %q", says, err, c.want)
		}
	}
	for n := range good {
		if _, err := decoded(good[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were read", n, len(good))
		}
	}
}

func FuzzDecode(f *testing.F) {
	w := busyWindow(30, 2, 2)
	d := usage.Day{Date: usage.DateOf(start), Gateway: map[string]usage.Reading{"gold": {Used: 300, At: start}}}
	d.Put(start, w.Summary())
	d.Put(start.Add(usage.Window), summary([]usage.Call{{At: start.Add(usage.Window), Method: "GET", Template: "/kind1/{id}", Path: "/prod/kind1/7", Status: 404}}))
	f.Add(encoded(w))
	f.Add(usage.EncodeDay(&d))
	f.Fuzz(func(t *testing.T, b []byte) {
		var w usage.Tally
		in := usage.NewDecoder(b, nil)
		if in.Tally(start, &w); in.End() == nil {
			back, err := decoded(encoded(&w))
			if diff := cmp.Diff(w.Summary(), back, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Fatal(err, diff)
			}
		}
		if d, err := usage.DecodeDay(b); err == nil {
			back, err := usage.DecodeDay(usage.EncodeDay(&d))
			if diff := cmp.Diff(d, back, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Fatal(err, diff)
			}
		}
	})
}
