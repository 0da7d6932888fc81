package audit_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/shared/audit"
	"accord/shared/usage"
)

// spelled writes what next gives.
func spelled(format string, next func(int) any) func(int) any {
	return func(i int) any { return fmt.Sprintf(format, next(i)) }
}

// amid is a row of which every other look is at something else.
func amid(row, other func(int) any) func(int) any {
	return func(i int) any {
		if i%2 == 0 {
			return row(i / 2)
		}
		return other(i)
	}
}

// respelled are calls by number that write the numbers otherwise.
func respelled(format string, calls []usage.Call) []usage.Call {
	for i, c := range calls {
		n, _ := strconv.Atoi(c.Path[strings.LastIndexByte(c.Path, '/')+1:])
		calls[i].Path = fmt.Sprintf("/prod/services/"+format, n)
	}
	return calls
}

// Who reads new codes, or numbers with zeros before them, as they appear walks nowhere; where others knew of higher ones they are not new.
func TestReadingNewCodesIsNoWalk(t *testing.T) {
	before := today.AddDate(0, 0, -2)
	for i, format := range []string{"%08d", "RBK-%06d", "SVC%d", "A%06d"} {
		calls := respelled(format, follow(48_000, 1, written(before, 5), every(before, 15*time.Minute)))
		if i == 3 { // a row amid codes of other prefixes
			calls = append(calls, spread(key, today, 16, 30, func(i int) any { return fmt.Sprintf("%c%06d", 'B'+i%20, 7001+31*i) })...)
		}
		s := crawled(0, 0, calls)
		if found := of("crawling", s); len(found) > 0 {
			t.Errorf("%s: who is told what is new is found: %s", format, found[0].Reason)
		}
		s.Population = askedBy(40, spelled(format, ordered(49_500)), 20)
		if len(of("crawling", s)) == 0 {
			t.Errorf("%s: others asked for higher ones the day before, and it is not found", format)
		}
	}
}

// Codes and numbers with zeros before them are walked through as plain numbers are, and said as they are written.
func TestCodesAreWalkedThrough(t *testing.T) {
	sorts := []string{"A", "B", "RBK-"}
	tests := []struct {
		name, desc string
		s          audit.Subject
		says       string // of the one finding; empty: none
	}{
		{name: "codes", desc: "a walk through codes of one prefix", s: crawled(0, 0, spread(key, today, 1, 125, spelled("A%v", ordered(81001)))),
			says: "their numbers fill 100 % of the span from A81001 to A81125."},
		{name: "codes so far", desc: "a walk through codes is found as soon as one through numbers", s: crawled(0, 0, spread(key, today, 1, 112, spelled("A%v", shuffled(81001, 112)))),
			says: "from A81001 to A81112."},
		{name: "a block of codes", desc: "a hundred may be somebody's own", s: crawled(0, 0, spread(key, today, 1, 105, spelled("A%v", ordered(81001))))},
		{name: "long walk through codes", desc: "thousands are counted, not estimated", s: crawled(0, 0, spread(key, today, 10, 3000, spelled("SVC%07d", ordered(1200)))),
			says: "3,000 different resources"},
		{name: "several prefixes", desc: "blocks, which are each prefix's own, show a walk where a span says nothing",
			s: crawled(0, 0, spread(key, today, 1, 192, func(i int) any { return fmt.Sprintf("%s%05d", sorts[i/64], 1024+i%64) })), says: "their numbers, written in several ways, fill 100 % of 6 blocks of 32."},
		{name: "row with zeros", desc: "a row in order among what is asked for again and again",
			s:    crawled(0, 0, spread(key, today, 2, 420, amid(spelled("%08d", ordered(1000123)), spelled("%08d", func(i int) any { return 1000900 + i%37*3 })))),
			says: "among them a row from 01000"},
		{name: "row of codes", desc: "the same, of codes",
			s:    crawled(0, 0, spread(key, today, 2, 420, amid(spelled("RBK-%05d", ordered(421)), spelled("RBK-%05d", func(i int) any { return 1900 + i%37*3 })))),
			says: "among them a row from RBK-00"},
		{name: "row amid other prefixes", desc: "a row of codes of one prefix, when those of others were asked for, too",
			s:    crawled(0, 0, append(spread(key, today, 1, 40, func(i int) any { return fmt.Sprintf("%c%05d", 'B'+i%20, 7001+31*i) }), spread(key, today.Add(time.Hour), 1, 130, spelled("A%v", ordered(81001)))...)),
			says: "from A81"},
		{name: "every tenth code", desc: "what codes count by is found", s: crawled(0, 0, spread(key, today, 1, 125, func(i int) any { return fmt.Sprintf("A%06d", 5000+10*i) })),
			says: "their numbers, one in 10, fill 100 % of the span from A005000 to A006240."},
		{name: "a list of codes", desc: "some of a register's codes, of many prefixes, once a night", s: crawled(0, 0, func() (calls []usage.Call) {
			r := rand.New(rand.NewPCG(21, 22))
			list := make([]string, 300)
			for i := range list {
				list[i] = fmt.Sprintf("%c%05d", 'A'+r.IntN(25), 81000+r.IntN(900))
			}
			for night := range 3 {
				calls = append(calls, spread(key, today.AddDate(0, 0, night-2).Add(2*time.Hour), 1, len(list), func(i int) any { return list[i] })...)
			}
			return calls
		}())},
		{name: "sweep of several prefixes", desc: "at a steady pace, as of texts: their span is no catalogue",
			s:    crawled(0, 0, spread(key, today, 10, 1500, func(i int) any { return fmt.Sprintf("%c%05d", 'A'+i%25, 81000+31*i) })),
			says: "they came at a steady pace"},
		{name: "texts then, codes since", desc: "codes of days that were stored as texts have no cells: those since say nothing of them", s: func() audit.Subject {
			list := func(i int) any { return fmt.Sprintf("A%08d", 7919*i) }
			s := crawled(0, 0, append(spread(key, today.AddDate(0, 0, -1), 20, 200, list), spread(key, today, 17, 6, func(i int) any { return list(200 + i) })...))
			old := s.Keys[key][0].Merged.Resources["GET /services/{id}"]
			old.Numbers, old.Cells = nil, nil
			return s
		}()},
		{name: "names", desc: "that some names end in a number makes none of them a code", s: crawled(0, 0, spread(key, today, 12, 180, func(i int) any {
			if i%30 == 0 {
				return fmt.Sprintf("%cnna%d", 'a'+i/30, 1985+i/30)
			}
			return fmt.Sprintf("name%c%c", 'a'+i%26, 'a'+i/26)
		}))},
		{name: "one number", desc: "nor does a single number among names say anything of them", s: crawled(0, 0, spread(key, today, 12, 180, func(i int) any {
			if i == 50 {
				return 7
			}
			return fmt.Sprintf("name%c%c", 'a'+i%26, 'a'+i/26)
		}))},
		{name: "a few names", desc: "names among numbers, even among the paths that are kept, hide no walk",
			s:    crawled(0, 0, append(spread(key, today, 1, 130, ordered(5000)), spread(key, today, 1, 60, func(i int) any { return fmt.Sprintf("name%c%c", 'a'+i%26, 'a'+i/26) })...)),
			says: "from 5000 to 5129"},
		{name: "hexadecimal ids", desc: "some hexadecimal ids look like codes: chance, by which the others are told", s: crawled(0, 0, spread(key, today, 12, 180, func(i int) any {
			return fmt.Sprintf("%08x", uint32(usage.Hash(fmt.Sprint("x", i))>>32))
		}))},
		{name: "outward codes", desc: "the outward halves of postcodes are texts: a region's fill their blocks", s: crawled(0, 0, spread(key, today, 12, 180, func(i int) any {
			return fmt.Sprintf("%c%c%d", 'A'+i/25, 'B', 1+i%25)
		}))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := of("crawling", tt.s)
			switch {
			case tt.says == "" && len(found) > 0:
				t.Errorf("%s: %s", tt.desc, found[0].Reason)
			case tt.says != "" && len(found) == 0:
				t.Errorf("%s: not found", tt.desc)
			case tt.says != "" && !strings.Contains(found[0].Reason, tt.says):
				t.Errorf("%s: got %s", tt.desc, found[0].Reason)
			}
		})
	}
}
