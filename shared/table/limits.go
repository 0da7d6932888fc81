package table

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// The greatest lengths of the parts of a key, in bytes.
const (
	maxPK = 2048
	maxSK = 1024
)

// attributes is what an item weighs beyond its key and body: the names of its five attributes and its two
// numbers, each at its longest. DynamoDB never counts more.
const attributes = len("pk") + len("sk") + len("v") + len("ttl") + len("body") + 2*12

// Size is what the item counts against the limits, in bytes.
func (it Item) Size() int { return attributes + len(it.PK) + len(it.SK) + len(it.Body) }

// Check returns an error when DynamoDB would not accept the key.
func (k Key) Check() error {
	switch {
	case k.PK == "" || k.SK == "":
		return fmt.Errorf("key %q: both parts must be non-empty", k.String())
	case len(k.PK) > maxPK || len(k.SK) > maxSK:
		return fmt.Errorf("key of %d and %d bytes, at most %d and %d: %w", len(k.PK), len(k.SK), maxPK, maxSK, ErrTooLarge)
	case !utf8.ValidString(k.PK) || !utf8.ValidString(k.SK):
		return fmt.Errorf("key %q: not UTF-8", k.String())
	}
	return nil
}

// CheckItems returns an error when any of items cannot be stored or two have the same key. Engines call it
// first in PutAll, so that they all refuse the same things.
func CheckItems(items []Item) error {
	seen := make(map[Key]bool, len(items))
	for _, it := range items {
		if err := checkItem(it, seen); err != nil {
			return err
		}
	}
	return nil
}

// CheckOps returns an error when ops cannot be one Write, whatever is stored. Engines call it first in
// Write.
func CheckOps(ops []Op) error {
	if len(ops) > MaxWrite {
		return fmt.Errorf("%d operations in one write, at most %d: %w", len(ops), MaxWrite, ErrTooLarge)
	}
	seen := make(map[Key]bool, len(ops))
	size := 0
	for i, op := range ops {
		if err := checkItem(op.Item, seen); err != nil {
			return fmt.Errorf("operation %d: %w", i, err)
		}
		size += op.Item.Size()
	}
	if size > MaxWriteLen {
		return fmt.Errorf("%d bytes in one write, at most %d: %w", size, MaxWriteLen, ErrTooLarge)
	}
	return nil
}

func checkItem(it Item, seen map[Key]bool) error {
	if err := it.Key.Check(); err != nil {
		return err
	}
	if size := it.Size(); size > MaxItem {
		return fmt.Errorf("%s: %d bytes, at most %d: %w", it.Key, size, MaxItem, ErrTooLarge)
	}
	if seen[it.Key] {
		return fmt.Errorf("%s: named twice", it.Key)
	}
	seen[it.Key] = true
	return nil
}

// Bounds is the range of sort keys that q selects, from inclusive and until exclusive; an empty until
// means no end. ok is false when nothing can be in it.
func (q Query) Bounds() (from, until string, ok bool, err error) {
	if q.PK == "" {
		return "", "", false, errors.New("query without a partition")
	}
	for _, s := range []string{q.PK, q.Prefix, q.From, q.Until, q.After} {
		if !utf8.ValidString(s) {
			return "", "", false, fmt.Errorf("query of %s: %q is not UTF-8", q.PK, s)
		}
	}
	from, until = max(q.From, q.Prefix), q.Until
	if end := prefixEnd(q.Prefix); until == "" || end != "" && end < until {
		until = end
	}
	return from, until, until == "" || from < until, nil
}

// prefixEnd is the least string above all that start with prefix, or "" when there is none. It counts in
// code points, whose order is that of their UTF-8 bytes, so that the result is UTF-8 as well.
func prefixEnd(prefix string) string {
	runes := []rune(prefix)
	for i := len(runes) - 1; i >= 0; i-- {
		switch r := runes[i]; r {
		case utf8.MaxRune:
			continue
		case 0xD7FF: // the next ones are surrogates, which no string has
			runes[i] = 0xE000
		default:
			runes[i] = r + 1
		}
		return string(runes[:i+1])
	}
	return ""
}
