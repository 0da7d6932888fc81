package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// Shards is over how many partitions the directory and the dues are spread.
const Shards = 16

// The errors a caller can act on.
var (
	ErrUnknown  = errors.New("not in the ledger")
	ErrTaken    = errors.New("the due is claimed by somebody else, or done")
	ErrConflict = errors.New("too many writers at once; try again")
)

// Ledger is the record in one table.
type Ledger struct {
	t        table.Table
	versions remembered

	retention time.Duration // of personal data; 0: for ever
}

// New returns the ledger that t holds.
func New(t table.Table) *Ledger { return &Ledger{t: t} }

func consumerPK(id aup.ConsumerID) string { return "consumer#" + string(id) }
func contactPK(id aup.ConsumerID) string  { return "contact#" + string(id) }
func keyKey(id aup.KeyID) table.Key       { return table.Key{PK: "key#" + string(id), SK: "key"} }

func standingKey(id aup.ConsumerID) table.Key { return table.Key{PK: consumerPK(id), SK: "standing"} }
func profileKey(id aup.ConsumerID) table.Key  { return table.Key{PK: consumerPK(id), SK: "profile"} }

func eventKey(id aup.ConsumerID, seq int64) table.Key {
	return table.Key{PK: consumerPK(id), SK: fmt.Sprintf("event#%08d", seq)}
}

func causeKey(id aup.ConsumerID, cause string) table.Key {
	return table.Key{PK: consumerPK(id), SK: "cause#" + aup.Hash([]byte(cause))[:32]}
}

func agreementKey(id aup.ConsumerID, number int) table.Key {
	return table.Key{PK: consumerPK(id), SK: fmt.Sprintf("agreement#%05d", number)}
}

func caseKey(id aup.ConsumerID, c aup.CaseID) table.Key {
	return table.Key{PK: consumerPK(id), SK: "case#" + string(c)}
}

func noticeKey(id aup.ConsumerID, n aup.NoticeID) table.Key {
	return table.Key{PK: consumerPK(id), SK: "notice#" + string(n)}
}

func emailKey(id aup.ConsumerID, n aup.NoticeID) table.Key {
	return table.Key{PK: "email#" + string(id) + "." + string(n), SK: "body"}
}

func acceptorPK(id aup.ConsumerID) string { return "acceptor#" + string(id) }

func acceptorKey(id aup.ConsumerID, version int) table.Key {
	return table.Key{PK: acceptorPK(id), SK: fmt.Sprintf("v#%05d", version)}
}

func directoryKey(id aup.ConsumerID) table.Key {
	return table.Key{PK: fmt.Sprintf("directory#%02d", shardOf(string(id))), SK: string(id)}
}

func shardOf(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % Shards)
}

// item makes the stored form of a record.
func item(k table.Key, v int64, record any) (table.Item, error) {
	body, err := json.Marshal(record)
	if err != nil {
		return table.Item{}, fmt.Errorf("%s: %w", k, err)
	}
	return table.Item{Key: k, V: v, Body: body}, nil
}

// read gets one record into the value it points at, and returns its version. Absent: ErrUnknown.
func (l *Ledger) read(ctx context.Context, k table.Key, record any) (int64, error) {
	it, err := l.t.Get(ctx, k)
	if errors.Is(err, table.ErrNotFound) {
		return 0, ErrUnknown
	}
	if err != nil {
		return 0, err
	}
	if err := json.Unmarshal(it.Body, record); err != nil {
		return 0, fmt.Errorf("%s: %w", k, err)
	}
	return it.V, nil
}

// each reads all records of a partition that start with prefix.
func each[T any](ctx context.Context, l *Ledger, pk, prefix string, f func(T) error) error {
	return eachOf(ctx, l, table.Query{PK: pk, Prefix: prefix}, f)
}

func eachOf[T any](ctx context.Context, l *Ledger, q table.Query, f func(T) error) error {
	return table.Each(ctx, l.t, q, func(it table.Item) error {
		var record T
		if err := json.Unmarshal(it.Body, &record); err != nil {
			return fmt.Errorf("%s: %w", it.Key, err)
		}
		return f(record)
	})
}

func list[T any](ctx context.Context, l *Ledger, pk, prefix string) ([]T, error) {
	var all []T
	err := each(ctx, l, pk, prefix, func(record T) error {
		all = append(all, record)
		return nil
	})
	return all, err
}

// stamp writes a moment so that byte order is time order, in UTC to the millisecond.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
