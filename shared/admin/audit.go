package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/usage"
)

// FiguresCall asks for a consumer's figures and how they came about, or for an Overview of all consumers.
type FiguresCall struct {
	Call
	Overview bool           `json:"overview,omitempty"`
	Consumer aup.ConsumerID `json:"consumer"`
	From     string         `json:"from"` // UTC dates, both inclusive
	Until    string         `json:"until"`
	Origins  bool           `json:"origins,omitempty"` // of one day: from which batches of the log each window came
}

// Figures is the answer to FiguresCall.
type Figures struct {
	Consumer aup.ConsumerID         `json:"consumer"`
	Standing aup.Standing           `json:"standing"`
	Keys     map[aup.KeyID][]KeyDay `json:"keys"`
	Verdict  judge.AuditedVerdict   `json:"verdict"` // as things stand now
}

// KeyDay is what one key did on one day, by the log and by GetUsage.
type KeyDay struct {
	Date    string                   `json:"date"`
	Logged  usage.Counts             `json:"logged"`
	Gateway map[string]usage.Reading `json:"gateway,omitempty"` // GetUsage, by usage plan
	Windows map[int64]usage.Counts   `json:"windows,omitempty"` // by Unix second of the window's start
	Compare string                   `json:"compare"`           // the two held against each other, in words
	Origins []metering.Origin        `json:"origins,omitempty"`
}

// longestFigures is the longest period of one FiguresCall.
const longestFigures = 31 * 24 * time.Hour

// Figures answers with a consumer's figures for a period, and judges it as things stand now.
func (d Desk) Figures(ctx context.Context, raw json.RawMessage) (json.RawMessage, error) {
	var c FiguresCall
	if err := decode(raw, &c); err != nil {
		return nil, err
	}
	if c.Overview && c.Consumer != "" {
		return nil, errors.New("overview: it is of all consumers: leave the consumer out, or the overview")
	}
	if c.Overview {
		return d.overview(ctx)
	}
	from, until, err := d.period(c)
	if err != nil {
		return nil, err
	}
	s, err := d.Ledger.Standing(ctx, c.Consumer)
	if err != nil {
		return nil, err
	}
	v, err := d.Judge.Consumer(ctx, c.Consumer)
	if err != nil {
		return nil, err
	}
	f := Figures{Consumer: c.Consumer, Standing: s, Keys: map[aup.KeyID][]KeyDay{}, Verdict: judge.Audited(c.Consumer, v)}
	for _, k := range s.Keys {
		days, err := d.Meter.Days(ctx, k.ID, from, until.AddDate(0, 0, 1))
		if err != nil {
			return nil, err
		}
		for _, day := range days {
			told, err := d.keyDay(ctx, k.ID, day, c.Origins)
			if err != nil {
				return nil, err
			}
			f.Keys[k.ID] = append(f.Keys[k.ID], told)
		}
	}
	return json.Marshal(f)
}

// keyDay tells of a key's day, and if asked from which batches each of its windows came.
func (d Desk) keyDay(ctx context.Context, key aup.KeyID, day usage.Day, origins bool) (KeyDay, error) {
	told := KeyDay{Date: day.Date, Logged: day.Counts(), Gateway: day.Gateway, Windows: day.Windows, Compare: metering.Reconcile(day, d.Now()).String()}
	if !origins {
		return told, nil
	}
	for _, window := range slices.Sorted(maps.Keys(day.Windows)) {
		of, err := d.Meter.Origins(ctx, key, time.Unix(window, 0).UTC())
		if err != nil {
			return told, err
		}
		told.Origins = append(told.Origins, of...)
	}
	return told, nil
}

// period reads the dates of a call; today where it is silent.
func (d Desk) period(c FiguresCall) (from, until time.Time, err error) {
	today := aup.Date(d.Now())
	c.Until = cmp.Or(c.Until, today)
	c.From = cmp.Or(c.From, c.Until)
	if from, err = time.Parse(time.DateOnly, c.From); err != nil {
		return from, until, fmt.Errorf("from: %q is not a date such as %s", c.From, today)
	}
	if until, err = time.Parse(time.DateOnly, c.Until); err != nil {
		return from, until, fmt.Errorf("until: %q is not a date such as %s", c.Until, today)
	}
	if until.Before(from) || until.Sub(from) > longestFigures {
		err = errors.New("until: at most 31 days, and not before from")
	}
	if c.Origins && !until.Equal(from) {
		err = errors.New("origins: ask for one day at a time")
	}
	return from, until, err
}

// AuditCall asks for an audit of one consumer, of those who have keys in one usage plan, or of all.
type AuditCall struct {
	Request  string         `json:"request"`
	Consumer aup.ConsumerID `json:"consumer,omitempty"`
	Plan     string         `json:"plan,omitempty"` // a usage plan's id
}

var auditID = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// postAudit records that an audit is owed, and answers with its id: the caller's own, so that asking
// again asks for nothing more.
func (d Desk) postAudit(ctx context.Context, raw []byte) (int, any, error) {
	var c AuditCall
	if err := decode(raw, &c); err != nil {
		return http.StatusBadRequest, nil, err
	}
	if !auditID.MatchString(c.Request) {
		return http.StatusBadRequest, nil, errors.New("request: give the audit an id of your own: letters, digits and hyphens, at most 64")
	}
	if c.Consumer != "" {
		if _, err := d.Ledger.Standing(ctx, c.Consumer); err != nil {
			return http.StatusNotFound, nil, err
		}
	}
	if c.Plan != "" && (c.Consumer != "" || !auditID.MatchString(c.Plan)) {
		return http.StatusBadRequest, nil, errors.New("plan: the id of one usage plan, letters and digits, and no consumer beside it")
	}
	accepted := map[string]string{"id": c.Request, "status": "requested"}
	answer, err := json.Marshal(accepted)
	if err != nil {
		return http.StatusInternalServerError, nil, err
	}
	err = d.Ledger.Answer(ctx, "audit#"+c.Request, aup.Hash(raw), answer, d.Now(),
		aup.Due{ID: "audit." + c.Request, Kind: aup.DueAudit, Audit: c.Request, Consumer: c.Consumer, Plan: c.Plan})
	if errors.Is(err, ledger.ErrReused) {
		return http.StatusConflict, nil, err
	}
	return http.StatusAccepted, accepted, err
}
