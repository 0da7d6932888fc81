package contract

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"accord/shared/table"
)

var itemRules = []rule{
	{"an item that was never put is not found", func(s story) { s.lacks(key("a")) }},
	{"an item that was put is found", func(s story) {
		s.writes(put("a", 1))
		s.same([]table.Item{item("a", 1, "")}, []table.Item{s.gets(key("a"))})
		s.lacks(key("b"))
		s.lacks(table.Key{PK: "q", SK: "a"})
	}},
	{"a put replaces all of the item", func(s story) {
		s.writes(table.Put(table.Item{Key: key("a"), V: 7, TTL: 1900000000, Body: []byte("long")}, table.Any))
		s.writes(table.Put(table.Item{Key: key("a")}, table.Any))
		s.has(table.Item{Key: key("a")})
	}},
	{"a deleted item is not found", func(s story) {
		s.writes(put("a", 1))
		s.writes(table.Delete(key("a"), table.Any))
		s.lacks(key("a"))
	}},
	{"deleting what is not there is no error", func(s story) { s.writes(table.Delete(key("a"), table.Any)) }},
	{"bodies come back byte by byte", bodiesComeBack},
	{"versions and expiries come back, and expired items can be read", func(s story) {
		var want []table.Item
		for i, n := range []int64{0, 1, -1, 10, 1_000_000_000_000_000_000, math.MaxInt64, math.MinInt64} {
			want = append(want, table.Item{Key: key(fmt.Sprint(i)), V: n, TTL: n})
		}
		for _, it := range want {
			s.writes(table.Put(it, table.Any))
		}
		s.has(want...)
	}},
	{"keys come back whatever characters they have", func(s story) {
		for _, sk := range []string{"a/b", "#", " ", "é", "日本", "\U0010FFFF", "a\tb", `"'\`, strings.Repeat("k", 1024)} {
			k := table.Key{PK: sk + sk, SK: sk}
			s.writes(table.Put(table.Item{Key: k, V: 1}, table.Absent))
			if got := s.gets(k).Key; got != k {
				s.Fatalf("put %q, got %q", k, got)
			}
		}
	}},
	{"a changed body of the caller's changes nothing that is stored", func(s story) {
		long := strings.Repeat("mine", 5000) // too long for what an engine may happen to copy
		it := item("a", 1, long)
		s.writes(table.Put(it, table.Any))
		it.Body[0] = 'X'
		s.gets(it.Key).Body[1] = 'X'
		s.has(item("a", 1, long))
	}},
	{"keys that DynamoDB would refuse are refused", func(s story) {
		for _, k := range []table.Key{{}, {PK: "p"}, {SK: "s"}, {PK: "p", SK: "\xff"}, {PK: "\xc3", SK: "s"}} {
			s.fails(nil, table.Put(table.Item{Key: k}, table.Any))
			s.failed(nil, s.table.PutAll(s.ctx, []table.Item{{Key: k}}))
			_, err := s.table.Get(s.ctx, k)
			s.failed(nil, err)
		}
	}},
	{"after its context is cancelled no call does anything", cancelled},
	{"PutAll puts any number of items", putAll},
	{"PutAll of nothing does nothing", func(s story) {
		if err := s.table.PutAll(s.ctx, nil); err != nil {
			s.Fatal(err)
		}
	}},
	{"PutAll refuses one key twice", func(s story) {
		s.failed(nil, s.table.PutAll(s.ctx, []table.Item{item("a", 1, ""), item("b", 1, ""), item("a", 2, "")}))
		s.has()
	}},
}

func bodiesComeBack(s story) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	bodies := []string{"", "\x00", "{}", " {\"a\": 1.0}\n", "\xff\xfe", string(every), strings.Repeat("€", 100_000)}
	var want []table.Item
	for i, body := range bodies {
		want = append(want, item(fmt.Sprint(i), 1, body))
		s.writes(table.Put(want[i], table.Any))
	}
	s.has(want...)
}

func cancelled(s story) {
	s.writes(put("a", 1))
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, get := s.table.Get(ctx, key("a"))
	_, query := s.table.Query(ctx, table.Query{PK: "p"})
	for call, err := range map[string]error{
		"Get":       get,
		"Query":     query,
		"Write":     s.table.Write(ctx, put("b", 1)),
		"Write two": s.table.Write(ctx, put("b", 1), put("c", 1)),
		"PutAll":    s.table.PutAll(ctx, []table.Item{item("d", 1, "")}),
	} {
		if !errors.Is(err, context.Canceled) {
			s.Errorf("%s: %v, want context.Canceled", call, err)
		}
	}
	s.has(item("a", 1, ""))
}

func putAll(s story) {
	s.writes(put("007", 1))
	var want []table.Item
	for i := range 60 {
		want = append(want, item(fmt.Sprintf("%03d", i), 2, fmt.Sprint("body ", i)))
	}
	if err := s.table.PutAll(s.ctx, want); err != nil {
		s.Fatal(err)
	}
	s.has(want...)
}
