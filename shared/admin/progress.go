package admin

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/notice"
)

// How far a version has come with a consumer.
const (
	Neither     Reached = "neither"     // nothing was sent yet
	Held        Reached = "held"        // it waits for an admin's decision
	Told        Reached = "told"        // an email was sent
	DeliveredTo Reached = "delivered"   // an email reached a contact's mail system
	AcceptedBy  Reached = "accepted"    // it was accepted, or applies by use
	Undelivered Reached = "undelivered" // emails were sent, and every one came back
)

// Reached says how far a version has come with a consumer.
type Reached string

// Progress is how far a version has come with the consumers of one page.
type Progress struct {
	Policy    aup.PolicyID    `json:"policy"`
	Version   int             `json:"version"`
	Withdrawn bool            `json:"withdrawn,omitempty"`
	Counts    map[Reached]int `json:"counts"` // of this page
	Rows      []ProgressRow   `json:"rows,omitempty"`
	CSV       string          `json:"csv,omitempty"`
	Next      string          `json:"next,omitempty"` // give it as After for the next page; empty: that was the last
}

// ProgressRow is one consumer's.
type ProgressRow struct {
	Consumer  aup.ConsumerID     `json:"consumer"`
	Name      string             `json:"name"`
	Reached   Reached            `json:"reached"`
	Issued    time.Time          `json:"issued,omitzero"`
	Sent      time.Time          `json:"sent,omitzero"`
	Delivered time.Time          `json:"delivered,omitzero"`
	Accepted  time.Time          `json:"accepted,omitzero"`
	How       aup.AcceptanceMode `json:"how,omitempty"`
	Failed    []aup.ContactID    `json:"failed,omitempty"` // contacts whose email came back
}

// progressPage is how many consumers one call looks at: with their histories, within some seconds.
const progressPage = 1000

// progress says how far a version has come with each consumer of its policy. It reads only.
func (d Desk) progress(ctx context.Context, c PublishCall) (Progress, error) {
	p := Progress{Policy: c.Policy, Version: c.Version, Counts: map[Reached]int{}}
	if c.Format != "" && c.Format != "json" && c.Format != "csv" {
		return p, fmt.Errorf("format: %q is not one of json, csv", c.Format)
	}
	if _, err := d.Ledger.Version(ctx, c.Policy, c.Version); err != nil {
		return p, err
	}
	var err error
	if p.Withdrawn, err = d.Ledger.Withdrawn(ctx, c.Policy, c.Version); err != nil {
		return p, err
	}
	p.Next, err = d.some(ctx, c.After, progressPage, func(id aup.ConsumerID) error {
		row, ours, err := d.row(ctx, id, c)
		if ours && err == nil {
			p.Rows = append(p.Rows, row)
			p.Counts[row.Reached]++
		}
		return err
	})
	if c.Format == "csv" && err == nil {
		p.CSV, err = asCSV(p.Rows)
		p.Rows = nil
	}
	return p, err
}

// some calls f for the next consumers of the directory, and returns where it stopped: "shard/consumer".
func (d Desk) some(ctx context.Context, after string, limit int, f func(aup.ConsumerID) error) (string, error) {
	first, last, _ := strings.Cut(after, "/")
	shard, err := strconv.Atoi(first)
	if after != "" && (err != nil || shard < 0 || shard >= ledger.Shards) {
		return "", errors.New("after: not the next of an answer")
	}
	for left := limit; shard < ledger.Shards; {
		last, err = d.Ledger.Consumers(ctx, shard, last, left, func(id aup.ConsumerID) error {
			left--
			return f(id)
		})
		if err != nil {
			return "", err
		}
		if last == "" {
			shard++
		}
		if left == 0 && shard < ledger.Shards {
			return fmt.Sprintf("%d/%s", shard, last), nil
		}
	}
	return "", nil
}

func (d Desk) row(ctx context.Context, id aup.ConsumerID, c PublishCall) (r ProgressRow, ours bool, err error) {
	s, err := d.Ledger.Standing(ctx, id)
	if err != nil || s.Policy != c.Policy {
		return r, false, err
	}
	profile, err := d.Ledger.Profile(ctx, id)
	if err != nil && !errors.Is(err, ledger.ErrUnknown) {
		return r, false, err
	}
	events, err := d.Ledger.Events(ctx, id)
	r = ProgressRow{Consumer: id, Name: profile.Name}
	for _, e := range events {
		r.add(e, c.Version)
	}
	r.Reached = r.reached(s.Held != nil && s.Held.Version == c.Version)
	return r, s.State != aup.HasEnded || !r.Issued.IsZero(), err
}

// add takes what an event says of the version.
func (r *ProgressRow) add(e aup.Event, version int) {
	switch f := e.Fact.(type) {
	case aup.PolicyIssued:
		set(&r.Issued, e.At, f.Version == version)
	case aup.NoticeSent:
		set(&r.Sent, e.At, f.Version == version && tells(f.About))
	case aup.NoticeDelivered:
		if f.Version == version && tells(f.About) {
			set(&r.Delivered, e.At, true)
			r.Failed = slices.DeleteFunc(r.Failed, func(c aup.ContactID) bool { return c == f.Contact })
		}
	case aup.NoticeFailed:
		if tells(f.About) && !r.Issued.IsZero() && r.Accepted.IsZero() && !slices.Contains(r.Failed, f.Contact) {
			r.Failed = append(r.Failed, f.Contact)
		}
	case aup.Accepted:
		if f.Version == version {
			r.Accepted, r.How = f.At, f.How
		}
	}
}

// tells says whether an email brings a version.
func tells(k aup.NoticeKind) bool { return k == aup.Welcome || k == aup.NewVersion }

func set(t *time.Time, at time.Time, is bool) {
	if is && t.IsZero() {
		*t = at
	}
}

func (r ProgressRow) reached(held bool) Reached {
	switch {
	case !r.Accepted.IsZero():
		return AcceptedBy
	case !r.Delivered.IsZero():
		return DeliveredTo
	case len(r.Failed) > 0:
		return Undelivered
	case !r.Sent.IsZero():
		return Told
	case held:
		return Held
	}
	return Neither
}

func asCSV(rows []ProgressRow) (string, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	all := [][]string{{"consumer", "name", "reached", "issued", "sent", "delivered", "accepted", "how", "failed"}}
	for _, r := range rows {
		var failed []string
		for _, c := range r.Failed {
			failed = append(failed, string(c))
		}
		all = append(all, []string{string(r.Consumer), cell(r.Name), string(r.Reached), when(r.Issued), when(r.Sent), when(r.Delivered),
			when(r.Accepted), string(r.How), strings.Join(failed, " ")})
	}
	err := w.WriteAll(all)
	return b.String(), err
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// cell is a text that a spreadsheet takes for nothing but a text: a leading apostrophe keeps it from being
// a formula.
func cell(s string) string {
	s = strings.TrimSpace(notice.Clean(s))
	if s != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
