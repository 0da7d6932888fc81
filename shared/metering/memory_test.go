package metering_test

import (
	"context"
	"slices"
	"strings"
	"sync"

	"accord/shared/table"
)

// memory is a table in memory: for thousands of schedules, where a file would be too slow.
type memory struct {
	mu     sync.Mutex
	items  map[table.Key]table.Item
	writes int
}

func newMemory() *memory { return &memory{items: make(map[table.Key]table.Item)} }

func (m *memory) Get(_ context.Context, k table.Key) (table.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	item, ok := m.items[k]
	if !ok {
		return table.Item{}, table.ErrNotFound
	}
	item.Body = slices.Clone(item.Body)
	return item, nil
}

func (m *memory) Query(_ context.Context, q table.Query) (table.Page, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var page table.Page
	var found []table.Key
	for k := range m.items {
		if k.PK == q.PK {
			found = append(found, k)
		}
	}
	slices.SortFunc(found, func(a, b table.Key) int { return strings.Compare(a.SK, b.SK) })
	for _, k := range found {
		if !strings.HasPrefix(k.SK, q.Prefix) || k.SK < q.From || q.Until != "" && k.SK >= q.Until || k.SK <= q.After {
			continue
		}
		if q.Limit > 0 && len(page.Items) == q.Limit {
			page.Next = page.Items[q.Limit-1].SK
			break
		}
		page.Items = append(page.Items, m.items[k])
	}
	return page, nil
}

func (m *memory) Write(_ context.Context, ops ...table.Op) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, op := range ops {
		if old, there := m.items[op.Item.Key]; !op.If.Holds(there, old.V) {
			return &table.ConditionError{Index: i, Key: op.Item.Key}
		}
	}
	for _, op := range ops {
		switch op.Kind {
		case table.KindPut:
			m.items[op.Item.Key] = op.Item
			m.writes++
		case table.KindDelete:
			delete(m.items, op.Item.Key)
		}
	}
	return nil
}

func (m *memory) PutAll(_ context.Context, items []table.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, item := range items {
		m.items[item.Key] = item
		m.writes++
	}
	return nil
}
