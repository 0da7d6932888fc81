package admin

import (
	"context"
	"time"

	"accord/shared/aup"
)

// refusals counts the calls that were refused since access was suspended over the reported case, until it was given
// back; nil where it never was.
func (d Desk) refusals(ctx context.Context, s aup.Standing, r Report) (*aup.Refusals, error) {
	f := &aup.Refusals{Until: d.Now().UTC()}
	for _, h := range r.Course {
		switch h.Kind {
		case aup.Suspended{}.Kind():
			f.Since, f.Until = h.At, d.Now().UTC()
		case aup.Reinstated{}.Kind():
			f.Until = h.At
		}
	}
	if f.Since.IsZero() || d.Meter == nil {
		return nil, nil
	}
	for _, k := range s.Keys {
		n, err := d.refused(ctx, k.ID, f.Since, f.Until)
		if err != nil {
			return nil, err
		}
		f.Calls += n
	}
	return f, nil
}

// refused counts the calls with a key that were answered with 403: by the windows on the first and the last day, and
// by the days between.
func (d Desk) refused(ctx context.Context, key aup.KeyID, since, until time.Time) (n int64, err error) {
	const day = 24 * time.Hour
	first, last := since.UTC().Truncate(day).Add(day), until.UTC().Truncate(day)
	parts := [][2]time.Time{{since, first}, {last, until}}
	if last.Before(first) {
		parts = [][2]time.Time{{since, until}}
	} else {
		days, err := d.Meter.Days(ctx, key, first, last)
		if err != nil {
			return 0, err
		}
		for _, d := range days {
			n += d.Counts().Refused
		}
	}
	for _, p := range parts {
		windows, err := d.Meter.Windows(ctx, key, p[0], p[1])
		if err != nil {
			return 0, err
		}
		for _, w := range windows {
			n += w.Summary.Refused
		}
	}
	return n, nil
}
