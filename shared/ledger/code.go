package ledger

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
)

// How long codes and sessions last, and how often a code may be tried.
const (
	CodeLife    = 10 * time.Minute
	CodeTries   = 5
	SessionLife = time.Hour
	clockSkew   = time.Minute // by which the clocks of two machines may differ
)

// ErrCode says that a code opens nothing: it is wrong, too old, used up, or another link's.
var ErrCode = errors.New("the code is not right, or no longer")

// code is a one-time code as it is kept, beside the link it was asked through. Whoever can read the table
// could try all million: what protects it is that it lasts ten minutes and five tries.
type code struct {
	Salt    string       `json:"salt"`
	Hash    string       `json:"hash"`   // SHA-256 of salt and code
	Notice  aup.NoticeID `json:"notice"` // that brought it
	Tries   int          `json:"tries"`
	Made    time.Time    `json:"made"`
	Expires time.Time    `json:"expires"`
}

// Session is an hour in which one contact of one consumer is known to have entered a code.
type Session struct {
	Consumer aup.ConsumerID `json:"consumer"`
	Contact  aup.ContactID  `json:"contact"`
	Code     aup.NoticeID   `json:"code"` // the notice that brought the code
	Made     time.Time      `json:"made"`
	Expires  time.Time      `json:"expires"`
}

// LinkHash is what a link is known by where its secret must not be.
func LinkHash(secret string) string { return aup.Hash([]byte(secret)) }

func codeKey(link string) table.Key { return table.Key{PK: "token#" + link, SK: "code"} }

func sessionKey(secret string) table.Key {
	return table.Key{PK: "token#" + LinkHash(secret), SK: "session"}
}

// NewCode makes the one code of a link, in place of any former, and returns its six digits, which are kept
// nowhere. The link is named by its LinkHash.
func (l *Ledger) NewCode(ctx context.Context, link string, n aup.NoticeID, now time.Time) (string, error) {
	i, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	digits, salt := fmt.Sprintf("%06d", i), random(16)
	c := code{Salt: hex.EncodeToString(salt), Notice: n, Made: now.UTC(), Expires: now.Add(CodeLife).UTC()}
	c.Hash = c.hash(digits)
	// A version of its own: a try of the former code, under way, fails instead of putting it back.
	it, err := item(codeKey(link), mathrand.Int64N(1<<50), c)
	if err != nil {
		return "", err
	}
	it.TTL = c.Expires.Unix()
	return digits, l.t.Write(ctx, table.Put(it, table.Any))
}

func (c code) hash(digits string) string { return aup.Hash([]byte(c.Salt + digits)) }

// within says whether now lies between two moments. One that was made in the future, since the clock was
// moved back meanwhile, opens nothing.
func within(made, expires, now time.Time) bool {
	return !now.Before(made.Add(-clockSkew)) && now.Before(expires)
}

// Enter tries a code at a link. The right one is used up, and opens a session, whose secret is returned;
// every other try is counted before it is answered. ErrCode when it opens nothing.
func (l *Ledger) Enter(ctx context.Context, link, digits string, now time.Time) (string, error) {
	t, err := l.Link(ctx, link, now)
	if err != nil {
		return "", err
	}
	for try := range attempts {
		secret, err := l.try(ctx, t, link, digits, now)
		if !errors.Is(err, ErrTaken) {
			return secret, err
		}
		if err := pause(ctx, try); err != nil {
			return "", err
		}
	}
	return "", ErrConflict
}

func (l *Ledger) try(ctx context.Context, t Token, link, digits string, now time.Time) (string, error) {
	var c code
	key := codeKey(LinkHash(link))
	v, err := l.read(ctx, key, &c)
	if errors.Is(err, ErrUnknown) || err == nil && (c.Tries >= CodeTries || !within(c.Made, c.Expires, now)) {
		return "", ErrCode
	}
	if err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare([]byte(c.hash(digits)), []byte(c.Hash)) == 0 {
		return "", l.wrong(ctx, key, v, c)
	}
	secret := base64.RawURLEncoding.EncodeToString(random(32))
	s := Session{Consumer: t.Consumer, Contact: t.Contact, Code: c.Notice, Made: now.UTC(), Expires: now.Add(SessionLife).UTC()}
	it, err := item(sessionKey(secret), 1, s)
	if err != nil {
		return "", err
	}
	it.TTL = s.Expires.Unix()
	return secret, taken(l.t.Write(ctx, table.Delete(key, table.At(v)), table.Put(it, table.Absent)))
}

// wrong counts a try. Only when it was counted is it answered.
func (l *Ledger) wrong(ctx context.Context, key table.Key, v int64, c code) error {
	c.Tries++
	it, err := item(key, v+1, c)
	if err != nil {
		return err
	}
	it.TTL = c.Expires.Unix()
	if err := taken(l.t.Write(ctx, table.Put(it, table.At(v)))); err != nil {
		return err
	}
	return ErrCode
}

// Session returns what a session's secret stands for; ErrUnknown when it was never given out, or is over.
func (l *Ledger) Session(ctx context.Context, secret string, now time.Time) (s Session, err error) {
	if _, err = l.read(ctx, sessionKey(secret), &s); err == nil && !within(s.Made, s.Expires, now) {
		s, err = Session{}, ErrUnknown
	}
	return s, named(err, "session", "")
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// Codes are when a contact's codes were asked for lately, to keep them few.
type Codes struct {
	Contact aup.ContactID `json:"contact"`
	Asked   []time.Time   `json:"asked"`
	v       int64
}

func codesKey(id aup.ConsumerID, contact aup.ContactID) table.Key {
	return table.Key{PK: "token#" + aup.Hash([]byte("codes\x00"+string(id)+"\x00"+string(contact))), SK: "codes"}
}

// Codes returns when a contact's codes were asked for.
func (l *Ledger) Codes(ctx context.Context, id aup.ConsumerID, contact aup.ContactID) (Codes, error) {
	c := Codes{Contact: contact}
	v, err := l.read(ctx, codesKey(id, contact), &c)
	if c.v = v; errors.Is(err, ErrUnknown) {
		err = nil
	}
	return c, err
}

// codesKept is for how long the moments of asking count.
const codesKept = 24 * time.Hour

// How many codes a contact is sent at most.
const (
	CodesAnHour = 5
	CodesADay   = 15
)

// Ask adds a moment at which a code is asked for; ok is false when that is one too many. Moments in the
// future, seen when the clock is moved back, count as well.
func (c Codes) Ask(now time.Time) (next Codes, ok bool) {
	next = Codes{Contact: c.Contact, v: c.v}
	hour := 0
	for _, at := range c.Asked {
		if at.After(now.Add(-codesKept)) {
			next.Asked = append(next.Asked, at)
		}
		if at.After(now.Add(-time.Hour)) {
			hour++
		}
	}
	ok = hour < CodesAnHour && len(next.Asked) < CodesADay
	next.Asked = append(next.Asked, now.UTC())
	return next, ok
}

// Last is when a code was last asked for; zero: never.
func (c Codes) Last() (last time.Time) {
	for _, at := range c.Asked {
		if at.After(last) {
			last = at
		}
	}
	return last
}

func (b *batch) codes(id aup.ConsumerID, at time.Time, c *Codes) {
	b.put(codesKey(id, c.Contact), c.v+1, atOrAbsent(c.v), c)
	b.ops[len(b.ops)-1].Item.TTL = at.Add(codesKept).Unix()
}
