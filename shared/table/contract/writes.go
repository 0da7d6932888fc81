package contract

import (
	"fmt"

	"accord/shared/table"
)

var conditionRules = []rule{
	{"Any holds whether or not the item is there", func(s story) { s.holding(table.Any, true, true) }},
	{"Absent holds when the item is not there", func(s story) { s.holding(table.Absent, true, false) }},
	{"Present holds when the item is there", func(s story) { s.holding(table.Present, false, true) }},
	{"At holds when the item is there with that version", func(s story) { s.holding(table.At(5), false, true) }},
	{"At does not hold for another version", func(s story) { s.holding(table.At(4), false, false) }},
	{"At(0) does not hold for an item that is not there", func(s story) { s.holding(table.At(0), false, false) }},
	{"the first operation whose condition does not hold is named", func(s story) {
		s.writes(put("b", 1), put("d", 1))
		s.refuses(1, table.Put(item("a", 1, ""), table.Absent), table.Put(item("b", 2, ""), table.Absent),
			table.Check(key("c"), table.Absent), table.Delete(key("d"), table.At(9)))
		s.refuses(3, table.Put(item("a", 1, ""), table.Absent), table.Put(item("b", 2, ""), table.At(1)),
			table.Check(key("c"), table.Absent), table.Delete(key("d"), table.At(9)))
	}},
	{"conditions are on the items as they were before the write", func(s story) {
		s.writes(put("old", 1))
		s.writes(table.Delete(key("old"), table.At(1)), table.Put(item("new", 1, ""), table.Absent))
		s.has(item("new", 1, ""))
	}},
}

// holding tries one condition with every kind of operation, alone and together with another, on an item
// that is not there and on one that is there with version 5.
func (s story) holding(c table.Cond, whenAbsent, whenThere bool) {
	s.Helper()
	for _, there := range []bool{false, true} {
		holds := whenAbsent
		if there {
			holds = whenThere
		}
		for _, kind := range []table.Kind{table.KindPut, table.KindDelete, table.KindCheck} {
			for _, together := range []bool{false, true} {
				s.holdsFor(table.Op{Kind: kind, Item: table.Item{Key: key("x")}, If: c}, there, together, holds)
			}
		}
	}
}

func (s story) holdsFor(op table.Op, there, together, holds bool) {
	s.Helper()
	var before, after []table.Item
	s.writes(table.Delete(key("other"), table.Any), table.Delete(key("x"), table.Any))
	if there {
		before = append(before, item("x", 5, "before"))
		s.writes(table.Put(before[0], table.Any))
	}
	ops := []table.Op{op}
	if op.Kind == table.KindPut {
		ops[0].Item = item("x", 6, "after")
	}
	if together {
		ops = append([]table.Op{put("other", 1)}, ops...)
	}
	if !holds {
		s.refuses(len(ops)-1, ops...)
		s.has(before...)
		return
	}
	s.writes(ops...)
	if together {
		after = append(after, item("other", 1, ""))
	}
	switch {
	case op.Kind == table.KindPut:
		after = append(after, ops[len(ops)-1].Item)
	case op.Kind == table.KindCheck:
		after = append(after, before...)
	}
	s.has(after...)
}

var writeRules = []rule{
	{"a write of no operations does nothing", func(s story) { s.writes() }},
	{"all operations of a write are done", func(s story) {
		s.writes(put("a", 1), put("b", 1), put("c", 1))
		s.writes(table.Put(item("a", 2, "new"), table.At(1)), table.Delete(key("b"), table.Present),
			table.Check(key("c"), table.At(1)), table.Put(item("d", 1, ""), table.Absent))
		s.has(item("a", 2, "new"), item("c", 1, ""), item("d", 1, ""))
	}},
	{"nothing is written when one condition does not hold, wherever it stands", func(s story) {
		s.writes(put("a", 1), put("b", 1))
		ops := []table.Op{put("a", 2), table.Delete(key("b"), table.Any), put("c", 1)}
		for at := range len(ops) + 1 {
			bad := append(append(ops[:at:at], table.Check(key("z"), table.Present)), ops[at:]...)
			s.refuses(at, bad...)
			s.has(item("a", 1, ""), item("b", 1, ""))
		}
	}},
	{"a write may span partitions", func(s story) {
		far := table.Key{PK: "q", SK: "a"}
		s.refuses(1, put("a", 1), table.Put(table.Item{Key: far}, table.Present))
		s.lacks(key("a"))
		s.writes(put("a", 1), table.Put(table.Item{Key: far}, table.Absent))
		s.gets(key("a"))
		s.gets(far)
	}},
	{"one item may not be named twice in a write", func(s story) {
		for _, second := range []table.Op{put("a", 2), table.Delete(key("a"), table.Any), table.Check(key("a"), table.Any)} {
			s.fails(nil, put("a", 1), put("b", 1), second)
		}
		s.has()
	}},
	{"the same sort key in two partitions is two items", func(s story) {
		s.writes(put("a", 1), table.Put(table.Item{Key: table.Key{PK: "q", SK: "a"}, V: 2}, table.Any))
		s.has(item("a", 1, ""))
	}},
	{"partitions and sort keys do not run into each other", func(s story) {
		for i, k := range []table.Key{{PK: "ab", SK: "c"}, {PK: "a", SK: "bc"}, {PK: "a#", SK: "c"}, {PK: "a", SK: "#c"}} {
			s.writes(table.Put(table.Item{Key: k, V: int64(i)}, table.Absent))
		}
		got := s.all(table.Query{PK: "a"})
		s.same([]table.Item{{Key: table.Key{PK: "a", SK: "#c"}, V: 3}, {Key: table.Key{PK: "a", SK: "bc"}, V: 1}}, got)
	}},
	{"a hundred operations are one write", func(s story) {
		s.refuses(99, hundred(table.Check(key("099"), table.Present))...)
		s.has()
		s.writes(hundred(put("099", 1))...)
		if got := s.all(table.Query{PK: "p"}); len(got) != 100 {
			s.Fatalf("%d items, want 100", len(got))
		}
	}},
}

// hundred puts "000" to "098" and does last.
func hundred(last table.Op) (ops []table.Op) {
	for i := range 99 {
		ops = append(ops, put(fmt.Sprintf("%03d", i), 1))
	}
	return append(ops, last)
}
