package contract

import (
	"fmt"
	"strings"

	"accord/shared/table"
)

var limitRules = []rule{
	{"an item of 400 KB is stored and a larger one refused", func(s story) {
		it := sized("a", table.MaxItem)
		s.writes(table.Put(it, table.Any))
		s.has(it)
		if err := s.table.PutAll(s.ctx, []table.Item{it}); err != nil {
			s.Fatal(err)
		}
		s.fails(table.ErrTooLarge, table.Put(sized("b", table.MaxItem+1), table.Any))
		s.failed(table.ErrTooLarge, s.table.PutAll(s.ctx, []table.Item{sized("b", table.MaxItem+1)}))
		s.has(it)
	}},
	{"more than 100 operations are refused", func(s story) {
		s.fails(table.ErrTooLarge, append(hundred(put("099", 1)), put("100", 1))...)
		s.has()
	}},
	{"a write of 4 MB is done and a larger one refused", func(s story) {
		ops := parts(table.MaxWriteLen, 16)
		s.writes(ops...)
		if got := s.all(table.Query{PK: "p"}); len(got) != len(ops) {
			s.Fatalf("%d items, want %d", len(got), len(ops))
		}
		s.fails(table.ErrTooLarge, append(parts(table.MaxWriteLen, 16), put("one more", 1))...)
		s.lacks(key("one more"))
	}},
	{"PutAll has no limit of its own", func(s story) {
		var items []table.Item
		for _, op := range parts(2*table.MaxWriteLen, 40) {
			items = append(items, op.Item)
		}
		if err := s.table.PutAll(s.ctx, items); err != nil {
			s.Fatal(err)
		}
		s.has(items...)
	}},
	{"keys longer than 2,048 and 1,024 bytes are refused", func(s story) {
		longest := table.Key{PK: strings.Repeat("p", 2048), SK: strings.Repeat("s", 1024)}
		s.writes(table.Put(table.Item{Key: longest}, table.Any))
		s.gets(longest)
		s.fails(table.ErrTooLarge, table.Put(table.Item{Key: table.Key{PK: longest.PK + "p", SK: "s"}}, table.Any))
		s.fails(table.ErrTooLarge, table.Put(table.Item{Key: table.Key{PK: "p", SK: longest.SK + "s"}}, table.Any))
	}},
}

// sized is an item that counts size bytes.
func sized(sk string, size int) table.Item {
	it := item(sk, 1, "")
	it.Body = []byte(strings.Repeat("x", size-it.Size()))
	return it
}

// parts are n puts of size bytes in total.
func parts(size, n int) (ops []table.Op) {
	for i := range n {
		ops = append(ops, table.Put(sized(fmt.Sprintf("%03d", i), size/n), table.Any))
	}
	return ops
}
