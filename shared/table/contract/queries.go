package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accord/shared/table"
)

var queryRules = []rule{
	{"an empty partition has no items and no next page", func(s story) {
		page, err := s.table.Query(s.ctx, table.Query{PK: "p"})
		if err != nil || len(page.Items) > 0 || page.Next != "" {
			s.Fatalf("got %+v, %v", page, err)
		}
	}},
	{"items come in the byte order of their sort keys, or reversed", func(s story) {
		want := s.fill(sortKeys)
		s.has(want...)
		slices.Reverse(want)
		s.same(want, s.all(table.Query{PK: "p", Reverse: true}))
	}},
	{"Prefix, From and Until select together, in both directions, whatever the pages", selects},
	{"After continues behind any sort key, whether or not it is there or in the range", continues},
	{"a full page has at most Limit items, and Next is its last", func(s story) {
		s.fill(sortKeys)
		page, err := s.table.Query(s.ctx, table.Query{PK: "p", Limit: 2})
		if err != nil || len(page.Items) != 2 || page.Next != page.Items[1].SK {
			s.Fatalf("got %+v, %v", page, err)
		}
	}},
	{"a page with a Limit is not empty when something is left, in both directions", func(s story) {
		s.fill([]string{"a#1", "a#2", "a$", "b"}) // "a$" is the end of prefix "a#"
		for _, q := range []table.Query{{Prefix: "a#"}, {From: "a#", Until: "a$"}, {From: "a#2", Prefix: "a#"}, {Until: "a$"}} {
			for _, q.Reverse = range []bool{false, true} {
				q.PK, q.Limit = "p", 1
				if page, err := s.table.Query(s.ctx, q); err != nil || len(page.Items) != 1 || !strings.HasPrefix(page.Items[0].SK, "a#") {
					s.Fatalf("%+v: got %+v, %v", q, page, err)
				}
			}
		}
	}},
	{"items written between two pages do not disturb what was there", func(s story) {
		s.writes(put("a", 1), put("c", 1), put("e", 1))
		page, err := s.table.Query(s.ctx, table.Query{PK: "p", Limit: 2})
		if err != nil {
			s.Fatal(err)
		}
		s.writes(put("b", 1), put("d", 1), table.Delete(key("c"), table.Any))
		s.same([]table.Item{item("d", 1, ""), item("e", 1, "")}, s.all(table.Query{PK: "p", After: page.Next}))
	}},
	{"a page has at most 1 MB, and all pages have all items", func(s story) {
		var want []table.Item
		for i := range 8 {
			want = append(want, item(fmt.Sprint(i), 1, strings.Repeat("x", 300<<10)))
		}
		s.writes(slices.Collect(func(yield func(table.Op) bool) { eachPut(want, yield) })...)
		s.has(want...)
		slices.Reverse(want)
		s.same(want, s.all(table.Query{PK: "p", Reverse: true}))
		page, err := s.table.Query(s.ctx, table.Query{PK: "p", Limit: 8})
		if size := len(page.Items) * 300 << 10; err != nil || page.Next == "" || size > table.MaxPage+table.MaxItem {
			s.Fatalf("first page: %d bytes, next %q, %v", size, page.Next, err)
		}
	}},
	{"a query without a partition, or of what is not UTF-8, is refused", func(s story) {
		for _, q := range []table.Query{{}, {PK: "p", Prefix: "\xff"}, {PK: "p", From: "\xc3"}, {PK: "p", Until: "\xc3"}, {PK: "p", After: "\xc3"}} {
			_, err := s.table.Query(s.ctx, q)
			s.failed(nil, err)
		}
	}},
}

// sortKeys are in byte order; in the order of UTF-16 the last two would be exchanged.
var sortKeys = []string{" ", "A", "a", "a ", "a#", "a#1", "a#10", "a#2", "a$", "aa", "b", "é", "ê", "\uFFFD", "\U0001F600"}

// fill puts an item for each sort key, in no particular order, and some in neighbouring partitions.
func (s story) fill(sks []string) (items []table.Item) {
	s.Helper()
	var ops []table.Op
	for i, sk := range sks {
		items = append(items, item(sk, int64(i), "body of "+sk))
		ops = append([]table.Op{table.Put(items[i], table.Absent)}, ops...)
	}
	for _, pk := range []string{"o", "p ", "p#", "pp", "q"} {
		ops = append(ops, table.Put(table.Item{Key: table.Key{PK: pk, SK: "a#1"}}, table.Absent))
	}
	s.writes(ops...)
	return items
}

func eachPut(items []table.Item, yield func(table.Op) bool) {
	for _, it := range items {
		if !yield(table.Put(it, table.Any)) {
			return
		}
	}
}

func selects(s story) {
	items := s.fill(sortKeys)
	for _, prefix := range []string{"", "a", "a#", "é", "\U0001F600", "c"} {
		for _, from := range []string{"", "A", "a#1", "b", "z"} {
			for _, until := range []string{"", "a#1", "a#2", "a$", "\U0001F600"} {
				for _, limit := range []int{0, 2} {
					q := table.Query{PK: "p", Prefix: prefix, From: from, Until: until, Limit: limit}
					s.finds(items, q)
					q.Reverse = true
					s.finds(items, q)
				}
			}
		}
	}
}

func continues(s story) {
	items := s.fill(sortKeys)
	for _, after := range append([]string{"a#0", "a#19", "zz", "\U0010FFFF"}, sortKeys...) {
		for _, q := range []table.Query{{}, {Prefix: "a#"}, {From: "a#1", Until: "b"}, {Until: "a$"}, {From: "a$"}} {
			q.PK, q.After = "p", after
			s.finds(items, q)
			q.Reverse = true
			s.finds(items, q)
		}
	}
}

// finds: the query finds those of items that it says it does.
func (s story) finds(items []table.Item, q table.Query) {
	s.Helper()
	var want []table.Item
	for _, it := range items {
		if strings.HasPrefix(it.SK, q.Prefix) && it.SK >= q.From && (q.Until == "" || it.SK < q.Until) &&
			(q.After == "" || !q.Reverse && it.SK > q.After || q.Reverse && it.SK < q.After) {
			want = append(want, it)
		}
	}
	if q.Reverse {
		slices.Reverse(want)
	}
	if diff := cmp.Diff(want, s.all(q), cmpopts.EquateEmpty()); diff != "" {
		s.Fatalf("Query %+v (-want +got):\n%s", q, diff)
	}
}
