// Package web is the consumer's pages: the standard text, which anybody may read, and the page behind the
// link of an email, where one contact of one consumer sees the policy that binds them, what changed, what
// they are asked, their usage and their history, and accepts, answers and asks.
//
// The pages are rendered here, from html/template, and need no script. They read and change what a Record
// offers; package pages implements it over the ledger. The link's secret says who is there, and shows the
// policy; a code sent to the contact's own address opens the rest, for an hour. No page takes the consumer
// from anything else in a request. GET and HEAD change nothing, so that a mail system that follows links
// accepts nothing. The consumer-pages function and the local stack serve New's handler.
package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"accord/shared/aup"
	"accord/shared/notice"
	"accord/shared/usage"
)

// What a Record answers when it cannot do what it is asked.
var (
	ErrNotFound    = errors.New("no such policy, link or case")
	ErrGone        = errors.New("this link has expired")
	ErrSuperseded  = errors.New("another version was issued meanwhile")
	ErrNoAuthority = errors.New("this contact may not accept for the organisation")
	ErrNotEntered  = errors.New("no session: a code must be entered first")
	ErrWrongCode   = errors.New("the code is not right, or no longer")
	ErrTooMany     = errors.New("too many codes were asked for")
)

// Pass is what a request shows of who is there: the secret of the link in its address, and that of the
// session in its cookie, which a code opened.
type Pass struct{ Link, Session string }

// Record is what the pages show and change. Each method may be called again with the same arguments, by a
// browser that lost the answer: the second call changes nothing.
type Record interface {
	// Published is the standard text now in force; ErrNotFound when there is none.
	Published(ctx context.Context, policy aup.PolicyID) (aup.Version, error)
	// Open is what the page of a link shows. A link that is unknown, altered or of an erased contact is
	// ErrNotFound; one that has expired may be ErrGone. Without a session of the link's own contact it is
	// the policy alone.
	Open(ctx context.Context, p Pass) (Visit, error)
	// AskCode has a one-time code sent to the contact's own address. ErrTooMany refuses it for a while.
	AskCode(ctx context.Context, link string) error
	// Enter tries a code, and returns the secret of the session it opens. ErrWrongCode when it opens none.
	Enter(ctx context.Context, link, code string) (session string, err error)
	// Accept records an explicit acceptance; the event is the first one where it was accepted before.
	// ErrSuperseded, ErrNoAuthority and ErrNotEntered refuse it.
	Accept(ctx context.Context, p Pass, a Acceptance) (aup.Event, error)
	// Disagree opens a case about the version that was shown. ErrSuperseded and ErrNotEntered refuse it.
	Disagree(ctx context.Context, p Pass, version int, text string) error
	// Answer keeps what a contact says of a case, or asks when the case is "". ErrNotFound when the case
	// is not open, ErrNotEntered without a session.
	Answer(ctx context.Context, p Pass, id aup.CaseID, text string) error
}

// Visit is what the page of a link shows.
type Visit struct {
	Consumer aup.Consumer
	Contact  aup.Contact
	Standing aup.Standing
	Policy   aup.Tailored // the latest issued; zero where none was
	Previous *aup.Version // the one issued before; nil: the first
	Terms    aup.Terms    // that bind now, which are not those of Policy before its day
	Entered  bool         // a code was entered: what follows is shown, and the forms are
	Cases    []aup.Case   // those that are not closed
	Usage    []usage.Day  // the last 7 days, all keys summed; a day without calls may be missing
	History  []aup.Event  // oldest first
	Expires  time.Time    // of the link
}

// Acceptance is what a person states when accepting.
type Acceptance struct {
	Version  int    // the one that was shown
	Name     string // of the person, as given
	Role     string // in the organisation, as given
	MayBind  bool   // stated that they may accept for the organisation
	PageHash string // SHA-256 of the part of the page that was accepted, as it was shown
	At       time.Time
	Address  string // of the client: personal data, for the erasable record
	Agent    string // likewise
}

// New makes the handler of all pages. The provider names itself on them.
func New(record Record, provider notice.Provider, now func() time.Time) http.Handler {
	return newSite(record, provider, now)
}
