package distribute

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

const (
	oneDay = 24 * time.Hour

	// digestLines is how many events of a kind a digest names; the others it counts.
	digestLines = 20
	// long is after what time something owed is overdue enough to be told.
	long = time.Hour
	// mostOverdue bounds what a digest counts of it.
	mostOverdue = 20_000
)

// OpenProvider starts the provider's own history, if it has none, with the due that makes its digests.
func (d Distributor) OpenProvider(ctx context.Context) error {
	if _, err := d.Ledger.Standing(ctx, aup.Provider); !errors.Is(err, ledger.ErrUnknown) {
		return err
	}
	_, err := d.Ledger.Append(ctx, aup.Provider, "open", d.Now(), func(s aup.Standing) (*ledger.Entry, error) {
		if s.Seq > 0 {
			return nil, nil
		}
		return &ledger.Entry{Fact: aup.ProviderOpened{}, Dues: []aup.Due{digestDue(time.Time{}, "")}}, nil
	})
	return err
}

func digestDue(next time.Time, from string) aup.Due {
	return aup.Due{ID: "provider.digest", Kind: aup.DueDeadline, Step: aup.StepDigest, Consumer: aup.Provider, Next: next, Cursor: from}
}

// digest tells the admins what happened since the digest before, up to the last time of day at which one is
// made, and owes the next. Where nothing happened there is only the next.
func (d Distributor) digest(ctx context.Context, due aup.Due) error {
	now := d.Now().UTC()
	until := now.Add(-d.DigestAt).Truncate(oneDay).Add(d.DigestAt)
	next := until.Add(oneDay)
	if due.Cursor == "" {
		return d.Ledger.Continue(ctx, due, next, mark(due.Created.Add(-oneDay)))
	}
	from, err := time.Parse(time.RFC3339, due.Cursor)
	if err != nil {
		return fmt.Errorf("due %s: %w", due.ID, err)
	}
	f, err := d.since(ctx, from, until, now)
	if err != nil {
		return err
	}
	if f.Empty() {
		return d.Ledger.Continue(ctx, due, next, mark(until))
	}
	_, err = d.Ledger.Append(ctx, aup.Provider, "digest#"+mark(until), now, func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: f, Done: &due, Dues: []aup.Due{digestDue(next, mark(until))},
			Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminDigest}}}, nil
	})
	return err
}

func mark(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// since gathers a digest.
func (d Distributor) since(ctx context.Context, from, until, now time.Time) (aup.DigestMade, error) {
	f := aup.DigestMade{From: from, Until: until}
	kinds := map[aup.DigestKind]*aup.DigestSection{}
	waiting, err := d.waited(ctx)
	if err != nil {
		return f, err
	}
	err = d.Ledger.Digest(ctx, from, until, func(l aup.DigestLine) error {
		if kinds[l.Kind] == nil {
			kinds[l.Kind] = &aup.DigestSection{Kind: l.Kind}
		}
		kinds[l.Kind].Count++
		if l.Policy != "" && l.Version >= f.Version {
			f.Policy, f.Version = l.Policy, l.Version
		}
		if s := kinds[l.Kind]; !l.Kind.OnlyCounted() && len(s.Lines) < digestLines {
			s.Lines = append(s.Lines, l)
		}
		return waiting.add(ctx, l)
	})
	if err != nil {
		return f, err
	}
	for _, kind := range aup.DigestKinds {
		if s := kinds[kind]; s != nil {
			f.Sections = append(f.Sections, *s)
		}
	}
	f.Waiting = waiting.lines
	if now.Sub(until) < long { // a digest that comes late was only just woken, and so was all the rest
		if f.Overdue, err = d.Overdue(ctx, now); err != nil {
			return f, err
		}
	}
	if f.Empty() {
		return f, nil
	}
	err = d.Ledger.Listings(ctx, func(_ aup.ConsumerID, l ledger.Listing) error {
		if !l.Serves && l.State != aup.HasEnded {
			f.Unserved++
		}
		return ctx.Err()
	})
	return f, err
}

var errEnough = errors.New("enough")

// Overdue counts what has been owed for long, whether it waits for its turn or has failed. Emails without an
// address are told of once, when that is seen.
func (d Distributor) Overdue(ctx context.Context, now time.Time) (map[aup.DueKind]aup.Overdue, error) {
	counts := map[aup.DueKind]aup.Overdue{}
	n := 0
	err := d.Ledger.Overdue(ctx, now.Add(long), func(due aup.Due) error {
		since := due.Created
		if due.Planned() {
			since = due.Next
		}
		if due.Step == aup.StepDigest || due.Why == ledger.NoAddress || !since.Before(now.Add(-long)) {
			return nil
		}
		o := counts[due.Kind]
		if o.Count++; o.Oldest.IsZero() || since.Before(o.Oldest) {
			o.Oldest = since
		}
		counts[due.Kind] = o
		if n++; n == mostOverdue {
			return errEnough
		}
		return ctx.Err()
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return counts, err
}
