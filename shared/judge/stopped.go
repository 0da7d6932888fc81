package judge

import (
	"context"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/metering"
)

// stopped tells the admins, once a day, that the access log has stopped: GetUsage has counted calls that were made
// after the last one that was logged, more than an hour ago. A quiet service, whose figures do not grow either, is
// no alarm, and neither is one whose deployment reads no log.
func (a Audits) stopped(ctx context.Context, grown []metering.Growth) error {
	m, now := a.Judge.Meter, a.Judge.Now().UTC()
	if m.Unlogged || len(grown) == 0 {
		return nil
	}
	last, err := m.LastCall(ctx, now)
	if err != nil {
		return err
	}
	silent := last.Add(metering.GatewayLag)
	var calls int64
	for _, g := range grown {
		if !g.Since.Before(silent) {
			calls += g.Calls
		}
	}
	if calls <= metering.Few {
		return nil
	}
	_, err = a.Judge.Ledger.Append(ctx, aup.Provider, "log-stopped#"+aup.Date(now), now, func(s aup.Standing) (*ledger.Entry, error) {
		if s.Seq == 0 { // the sweeper has not opened the provider's history yet
			return nil, nil
		}
		return &ledger.Entry{Fact: aup.LogStopped{Last: last, Calls: calls},
			Notices: []aup.Notice{{Contact: aup.Admins, Kind: aup.AdminLogStopped}}}, nil
	})
	return err
}
