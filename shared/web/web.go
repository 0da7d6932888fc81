// Package web is the consumer's pages: the standard text, which anybody may read, and the page behind the
// link of an email, where one contact of one consumer sees the policy that binds them, what changed, what
// they are asked, their usage and their history, and accepts, answers and asks.
//
// The pages are rendered here, from html/template, and need no script. They read and change what a Record
// offers; package pages implements it over the ledger. The link's secret says who is there: no page takes
// the consumer from anything else in a request. GET and HEAD change nothing, so that a mail system that
// follows links accepts nothing. The consumer-pages function and the local stack serve New's handler.
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
)

// Record is what the pages show and change. Each method may be called again with the same arguments, by a
// browser that lost the answer: the second call changes nothing.
type Record interface {
	// Published is the standard text now in force; ErrNotFound when there is none.
	Published(ctx context.Context, policy aup.PolicyID) (aup.Version, error)
	// Open is what the page of a link shows. A link that is unknown, altered or of an erased contact is
	// ErrNotFound; one that has expired may be ErrGone.
	Open(ctx context.Context, token string) (Visit, error)
	// Accept records an explicit acceptance; the event is the first one where it was accepted before.
	// ErrSuperseded and ErrNoAuthority refuse it.
	Accept(ctx context.Context, token string, a Acceptance) (aup.Event, error)
	// Answer keeps what a contact says of a case, or asks when the case is "". ErrNotFound when the case
	// is not open.
	Answer(ctx context.Context, token string, id aup.CaseID, text string) error
}

// Visit is what the page of a link shows.
type Visit struct {
	Consumer aup.Consumer
	Contact  aup.Contact
	Standing aup.Standing
	Policy   aup.Tailored // the latest issued; zero where none was
	Previous *aup.Version // the one issued before; nil: the first
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
