// Package local is Accord on one machine: the same handlers as on AWS, on one file, a mailbox folder and
// a small gateway, in one process.
//
// What AWS does between the functions, the stack does with queues in memory: the ledger's change feed
// goes to dispatch, messages to their workers, the usage table's feed to the judge, log lines from the
// gateway to ingestion, the mailbox's delivery events to the recorder. Settle does all of it until
// nothing is left to do; what a crash leaves behind, the sweeper finds, as on AWS. `accord demo`,
// `accord up` and the scenarios use it.
package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"accord/shared/admin"
	"accord/shared/assess"
	"accord/shared/delivery"
	"accord/shared/dispatch"
	"accord/shared/distribute"
	"accord/shared/enforce"
	"accord/shared/judge"
	"accord/shared/ledger"
	"accord/shared/metering"
	"accord/shared/notice"
	"accord/shared/pages"
	"accord/shared/sweep"
	"accord/shared/table/bolt"
	"accord/shared/web"
)

// Config of a stack.
type Config struct {
	Dir      string // where tables, mailbox and access log lie; made when it is not there
	Mode     assess.Mode
	SlowPlan string // where keys are while people decide about a suspension: SlowPlan, or empty
	Clock    *Clock
	Provider notice.Provider
	DigestAt time.Duration // after midnight, UTC
	Keep     time.Duration // for how long personal data is kept; 0: for ever
	Unlogged bool          // no log is subscribed to: the gateway's lines reach nobody
	Volatile bool          // do not wait for the disk: for stories, whose data nobody needs after a power cut
}

// Stack is the whole of Accord on one machine.
type Stack struct {
	Clock   *Clock
	Ledger  *ledger.Ledger
	Meter   *metering.Meter
	Judge   judge.Judge
	Desk    admin.Desk
	Audits  judge.Audits
	Sweeper sweep.Sweeper
	Watch   enforce.Watch
	Mailbox *Mailbox
	Gateway *Gateway
	Pages   http.Handler

	settling sync.Mutex // one Settle or Sweep at a time: the queues are theirs
	db       *bolt.DB
	log      *os.File
	queues   queues
	workers  map[dispatch.Queue]dispatch.Work
	recorder delivery.Recorder
}

// The names of the tables.
const (
	ledgerTable = "ledger"
	usageTable  = "usage"

	gatewayTable = "gateway" // stands for API Gateway's own store of keys
)

// Open makes a stack over the files in a folder.
func Open(c Config) (*Stack, error) {
	mailbox := filepath.Join(c.Dir, "mailbox")
	if err := os.MkdirAll(mailbox, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	log, err := os.OpenFile(filepath.Join(c.Dir, "access.jsonl"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("access log: %w", err)
	}
	var opts []bolt.Option
	if c.Volatile {
		opts = append(opts, bolt.NoSync())
	}
	db, err := bolt.Open(filepath.Join(c.Dir, "accord.db"), opts...)
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	now := c.Clock.Now
	s := &Stack{Clock: c.Clock, db: db, log: log, queues: queues{},
		Mailbox: &Mailbox{Dir: mailbox, Now: now}, Gateway: &Gateway{Log: log, Keys: db.Table(gatewayTable), Now: now}}
	if err := s.Gateway.load(context.Background()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.wire(c)
	return s, nil
}

// Expire deletes what has had its time, and says how many items of the record that was.
func (s *Stack) Expire(ctx context.Context) (int, error) {
	n, err := s.db.Expire(ctx, ledgerTable, s.Clock.Now())
	_, errUsage := s.db.Expire(ctx, usageTable, s.Clock.Now())
	return n, errors.Join(err, errUsage)
}

// wire puts the handlers together, as the functions' mains do on AWS.
func (s *Stack) wire(c Config) {
	now := c.Clock.Now
	s.Ledger = ledger.New(s.db.Table(ledgerTable)).Keep(c.Keep)
	s.Meter = metering.New(s.db.Table(usageTable), 1)
	s.Meter.Unlogged = c.Unlogged
	distributor := distribute.Distributor{Ledger: s.Ledger, Now: now, DigestAt: c.DigestAt}
	s.Judge = judge.Judge{Ledger: s.Ledger, Meter: s.Meter, Acceptances: distributor, Mode: c.Mode, SlowPlan: c.SlowPlan, Now: now}
	s.Desk = admin.Desk{Ledger: s.Ledger, Meter: s.Meter, Judge: s.Judge, Approvals: 2, Now: now}
	s.Audits = judge.Audits{Judge: s.Judge, Gateway: s.Gateway, Usage: s.db.Table(usageTable)}
	s.Watch = enforce.Watch{Ledger: s.Ledger, Gateway: s.Gateway, Now: now}
	s.Sweeper = sweep.Sweeper{Provider: distributor, Dues: s.Ledger, Dispatch: dispatch.Dispatcher{Queues: s.queues}, Windows: s.Judge, Keys: s.Watch, Now: now}
	s.recorder = delivery.Recorder{Ledger: s.Ledger, Now: now}
	deliverer := delivery.Deliverer{Ledger: s.Ledger, Sender: s.Mailbox, Provider: c.Provider, Now: now}
	s.workers = map[dispatch.Queue]dispatch.Work{
		dispatch.Distribution: distributor.Do,
		dispatch.UrgentMail:   deliverer.Do,
		dispatch.BulkMail:     deliverer.Do,
		dispatch.Keys:         enforce.Enforcer{Ledger: s.Ledger, Gateway: s.Gateway, Plans: s.Gateway, Now: now}.Do,
		dispatch.Audits:       s.Audits.Do,
	}
	s.Pages = web.New(pages.Desk{Ledger: s.Ledger, Meter: s.Meter, Distributor: distributor, Now: now}, c.Provider, now)
}

// Close closes the files.
func (s *Stack) Close() error { return errors.Join(s.db.Close(), s.log.Close()) }

// queues are the messages that wait, by queue.
type queues map[dispatch.Queue][][]byte

func (q queues) Send(_ context.Context, name dispatch.Queue, messages ...[]byte) error {
	q[name] = append(q[name], messages...)
	return nil
}
