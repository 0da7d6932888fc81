// Package metering stores what keys did, exactly, whatever is delivered twice, late, or in part.
//
// A batch of log lines becomes one summary for each key and window. The summaries are put under the
// batch's own identity into the partition of their window, so that the same batch twice is the same
// items twice; nothing is ever added to a stored figure. A fold reads everything a window has and stores
// what it comes to for each key, and then that key's day. In the table `usage`:
//
//	window#<start>#<part>   <batch id>[#n]   one batch's share of one window, kept PartsKept
//	key#<api key id>        5m#<start>       a key's window, folded, kept WindowsKept
//	key#<api key id>        1d#<date>        a key's day, with what GetUsage says, kept DaysKept
//	parts                   parts            the number of parts, as last agreed to
//	strays#<date>           <api key id>     a key that called and is nobody's, kept StraysKept
//	population#<date>       sample           which resources many keys asked for that day, kept PopulationKept
//
// What all keys of a part did together has a key of its own, "all/<part>", with counts only (service.go).
// Calls without a key are metered under the key "". Function ingest-logs calls Ingest, audit-usage and
// sweep call Fold, collect-usage calls Collect, and everyone who judges reads Days and Windows.
package metering

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// How long things are kept: parts must outlive accesslog.MaxAge by the time it takes to fold them.
const (
	PartsKept   = 7 * 24 * time.Hour
	WindowsKept = 35 * 24 * time.Hour
	DaysKept    = 400 * 24 * time.Hour
)

// Meter is the table `usage`. It is safe for concurrent use, by any number of processes.
type Meter struct {
	// Unlogged says that this deployment reads no access log. A day without logged calls is then one of which
	// GetUsage alone tells, and is not compared with it.
	Unlogged bool

	table table.Table
	parts Parts
}

// New returns the meter over a table whose windows are split by key over parts partitions, at least one.
func New(t table.Table, parts int) *Meter { return Split(t, Parts{{Number: parts}}) }

// Split returns the meter over a table whose windows are split by a number that changes with time.
func Split(t table.Table, parts Parts) *Meter { return &Meter{table: t, parts: parts} }

// WindowPart is one of the partitions that a window is split over: what one fold reads.
type WindowPart struct {
	Start time.Time
	Part  int
}

const startLayout = "2006-01-02T15:04Z"

// PK is the partition's key.
func (w WindowPart) PK() string {
	return fmt.Sprintf("window#%s#%02d", w.Start.UTC().Format(startLayout), w.Part)
}

// ParseWindowPart reads a PK. ok is false for what is none, such as the partition of a key.
func ParseWindowPart(pk string) (w WindowPart, ok bool) {
	start, part, found := strings.Cut(strings.TrimPrefix(pk, "window#"), "#")
	at, err := time.Parse(startLayout, start)
	n, errPart := strconv.Atoi(part)
	w = WindowPart{at, n}
	return w, found && err == nil && errPart == nil && w.PK() == pk
}

func (w WindowPart) compare(o WindowPart) int { return cmp.Or(w.Start.Compare(o.Start), w.Part-o.Part) }

// PartOf returns the partition that a key's calls at a time belong to.
func (m *Meter) PartOf(key aup.KeyID, at time.Time) WindowPart {
	return WindowPart{usage.WindowOf(at), int(usage.Hash(string(key)) % uint64(m.parts.at(at)))}
}

func windowKey(key aup.KeyID, start time.Time) table.Key {
	return table.Key{PK: "key#" + string(key), SK: "5m#" + start.UTC().Format(startLayout)}
}

func dayKey(key aup.KeyID, date string) table.Key {
	return table.Key{PK: "key#" + string(key), SK: "1d#" + date}
}

// maxTries is how often a write at a version is tried again because another one came first.
const maxTries = 20

var errBusy = errors.New("too many writers at the same item; try again")

// get reads an item; one without a version is not there.
func (m *Meter) get(ctx context.Context, k table.Key) (table.Item, error) {
	item, err := m.table.Get(ctx, k)
	if errors.Is(err, table.ErrNotFound) {
		return table.Item{Key: k}, nil
	}
	return item, err
}

// day reads a key's day, empty when it is not there, and the item it was read from.
func (m *Meter) day(ctx context.Context, key aup.KeyID, date string) (usage.Day, table.Item, error) {
	item, err := m.get(ctx, dayKey(key, date))
	if err != nil || item.V == 0 {
		return usage.Day{Date: date}, item, err
	}
	day, err := DecodeDay(item.Body)
	if err != nil {
		err = fmt.Errorf("%s: %w", item.Key, err)
	}
	return day, item, err
}

// replace stores body in place of item as it was read; lost is true when another writer came first.
func (m *Meter) replace(ctx context.Context, item table.Item, body []byte) (lost bool, err error) {
	cond := table.Absent
	if item.V > 0 {
		cond = table.At(item.V)
	}
	item.V, item.Body = item.V+1, body
	err = m.table.Write(ctx, table.Put(item, cond))
	var failed *table.ConditionError
	if errors.As(err, &failed) || errors.Is(err, table.ErrConflict) {
		return true, nil
	}
	return false, err
}
