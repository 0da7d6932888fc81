package ledger

import (
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// DigestKept is for how long the index of what digests tell is kept: a digest that was late finds it.
const DigestKept = 35 * 24 * time.Hour

// digestKey is where the index of a day names an event: by the day of its moment and the consumer's shard,
// in the order of time.
func digestKey(e aup.Event) table.Key {
	return table.Key{PK: digestPK(e.At, shardOf(string(e.Consumer))), SK: fmt.Sprintf("%s#%s#%08d", stamp(e.At), e.Consumer, e.Seq)}
}

func digestPK(day time.Time, shard int) string {
	return fmt.Sprintf("digest#%s#%02d", aup.Date(day), shard)
}

// digest names the event in the index of its day, if digests tell of its kind.
func (b *batch) digest(e aup.Event) {
	l, ok := aup.Digested(e)
	if !ok {
		return
	}
	b.put(digestKey(e), 1, table.Any, l)
	b.ops[len(b.ops)-1].Item.TTL = e.At.Add(DigestKept).Unix()
}

// Digest calls f for every event that digests tell of and whose moment lies in [from, until). It reads the
// index of those days and nothing of the consumers.
func (l *Ledger) Digest(ctx context.Context, from, until time.Time, f func(aup.DigestLine) error) error {
	from, until = from.UTC(), until.UTC()
	for day := from.Truncate(24 * time.Hour); day.Before(until); day = day.AddDate(0, 0, 1) {
		for shard := range Shards {
			q := table.Query{PK: digestPK(day, shard), From: stamp(from), Until: stamp(until)}
			if err := eachOf(ctx, l, q, f); err != nil {
				return err
			}
		}
	}
	return nil
}
