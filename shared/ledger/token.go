package ledger

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// Token is what a link stands for. The link itself is kept nowhere: the token lies under its SHA-256.
type Token struct {
	Consumer aup.ConsumerID `json:"consumer"`
	Contact  aup.ContactID  `json:"contact"`
	Notice   aup.NoticeID   `json:"notice"`
	Expires  time.Time      `json:"expires"`
}

func tokenKey(secret string) table.Key {
	return table.Key{PK: "token#" + aup.Hash([]byte(secret)), SK: "token"}
}

// NewLink stores a token and returns its secret: 256 random bits, 43 characters of base64url.
func (l *Ledger) NewLink(ctx context.Context, t Token) (string, error) {
	b := make([]byte, 32)
	rand.Read(b)
	secret := base64.RawURLEncoding.EncodeToString(b)
	it, err := item(tokenKey(secret), 1, t)
	if err != nil {
		return "", err
	}
	it.TTL = t.Expires.Unix()
	return secret, l.t.Write(ctx, table.Put(it, table.Absent))
}

// Link returns what a link stands for; ErrUnknown when it was never given out or has expired.
func (l *Ledger) Link(ctx context.Context, secret string, now time.Time) (t Token, err error) {
	if _, err = l.read(ctx, tokenKey(secret), &t); err == nil && !now.Before(t.Expires) {
		err = ErrUnknown
	}
	return t, named(err, "link", "")
}

// requestsKept is for how long a repeated admin call gets its first answer.
const requestsKept = 90 * 24 * time.Hour

func requestKey(id string) table.Key { return table.Key{PK: "request#" + id, SK: "request"} }

type requestRecord struct {
	Call   string          `json:"call"` // SHA-256 of what was asked
	Answer json.RawMessage `json:"answer"`
}

// ErrReused says that a request's id was used before, to ask for something else.
var ErrReused = errors.New("this request id was used before for a different call; choose a new one")

// Answered returns the answer an admin's call got before; ErrUnknown when it is new.
func (l *Ledger) Answered(ctx context.Context, id, call string) (json.RawMessage, error) {
	var r requestRecord
	if _, err := l.read(ctx, requestKey(id), &r); err != nil {
		return nil, err
	}
	if r.Call != call {
		return nil, ErrReused
	}
	return r.Answer, nil
}

// Answer keeps the answer to an admin's call, and what it owes besides, unless it was answered before.
func (l *Ledger) Answer(ctx context.Context, id, call string, answer json.RawMessage, now time.Time, dues ...aup.Due) error {
	b := batch{}
	b.put(requestKey(id), 1, table.Absent, requestRecord{call, answer})
	b.ops[0].Item.TTL = now.Add(requestsKept).Unix()
	for _, d := range dues {
		b.owe(d, now)
	}
	if b.err != nil {
		return b.err
	}
	if err := taken(l.t.Write(ctx, b.ops...)); !errors.Is(err, ErrTaken) {
		return err
	}
	_, err := l.Answered(ctx, id, call)
	return err
}

// Asked says whether a call with this id was answered, whatever it asked.
func (l *Ledger) Asked(ctx context.Context, id string) (bool, error) {
	_, err := l.t.Get(ctx, requestKey(id))
	if errors.Is(err, table.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
