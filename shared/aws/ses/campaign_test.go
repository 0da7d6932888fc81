package ses

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"accord/shared/aup"
	"accord/shared/aws/boot"
	"accord/shared/delivery"
	"accord/shared/distribute"
	"accord/shared/ledger"
	"accord/shared/ledger/ledgertest"
	"accord/shared/notice"
)

// account is SES as an account of so many emails a second has it: the next one within a second is refused. It
// answers within the bubble, without a network.
type account struct {
	mu      sync.Mutex
	rate    int
	quota   int         // emails in 24 hours
	sent    []time.Time // rising
	refused map[string]int
}

func (a *account) Do(r *http.Request) (*http.Response, error) {
	time.Sleep(40 * time.Millisecond) // as SES takes, about
	a.mu.Lock()
	defer a.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/account") {
		return answer(r, http.StatusOK, "", fmt.Sprintf(`{"SendQuota": {"MaxSendRate": %d}}`, a.rate)), nil
	}
	now := time.Now()
	within := func(d time.Duration) (n int) {
		for i := len(a.sent) - 1; i >= 0 && a.sent[i].After(now.Add(-d)); i-- {
			n++
		}
		return n
	}
	switch {
	case within(time.Second) > a.rate:
		a.refused["rate"]++
		return answer(r, http.StatusTooManyRequests, "TooManyRequestsException", `{"message": "Maximum sending rate exceeded."}`), nil
	case a.quota > 0 && within(24*time.Hour) >= a.quota:
		a.refused["quota"]++
		return answer(r, http.StatusBadRequest, "LimitExceededException", `{"message": "Daily message quota exceeded."}`), nil
	}
	a.sent = append(a.sent, now)
	return answer(r, http.StatusOK, "", fmt.Sprintf(`{"MessageId": "m-%d"}`, len(a.sent))), nil
}

func answer(r *http.Request, status int, code, body string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	if code != "" {
		h.Set("X-Amzn-ErrorType", code)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

// mailroom is both mail queues with their workers, each an instance of deliver with a Sender of its own, as
// template.yaml has them.
type mailroom struct {
	*testing.T
	l            *ledger.Ledger
	account      *account
	urgent, bulk chan ledger.Ref
	all          sync.WaitGroup
}

func (m *mailroom) open() {
	m.urgent, m.bulk = make(chan ledger.Ref, 1<<17), make(chan ledger.Ref, 1<<17)
	for _, q := range []chan ledger.Ref{m.urgent, m.bulk} {
		for range workers {
			c, err := boot.Read(func(k string) string {
				return map[string]string{"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}[k]
			})
			if err != nil {
				m.Fatal(err)
			}
			c.AWS.HTTPClient = m.account
			d := delivery.Deliverer{Ledger: m.l, Sender: New(c), Now: time.Now, Provider: notice.Provider{Name: "Places", From: "a@p.example",
				ReplyTo: "b@p.example", Admins: "c@p.example", BaseURL: "https://p.example"}}
			m.all.Go(func() {
				for ref := range q {
					ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
					d.Do(ctx, ref) // it stays owed, and is swept up
					cancel()
				}
			})
		}
	}
}

// wake sends what is overdue to its queue, as the feed or the sweeper does.
func (m *mailroom) wake() {
	m.Helper()
	err := m.l.Overdue(m.Context(), time.Now().Add(time.Millisecond), func(d aup.Due) error {
		q := m.bulk
		if d.Urgent {
			q = m.urgent
		}
		if d.Kind == aup.DueEmail {
			q <- ledger.RefOf(d)
		}
		return nil
	})
	if err != nil {
		m.Fatal(err)
	}
}

// ask asks for a one-time code for a consumer's contact and brings it to its queue.
func (m *mailroom) ask(n int) {
	m.Helper()
	r, err := m.l.Append(m.Context(), consumer(n), fmt.Sprint("code#", time.Now()), time.Now(), func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: aup.CodeAsked{Contact: "ann", Notice: "2-ann"},
			Notices: []aup.Notice{{Contact: "ann", Kind: aup.OneTimeCode, Link: fmt.Sprint("link-", n)}}}, nil
	})
	if err != nil {
		m.Fatal(err)
	}
	e := r.Event
	m.urgent <- ledger.RefOf(aup.Due{ID: string(e.Consumer) + "." + string(e.Notices[0].ID), Next: e.At})
}

func consumer(n int) aup.ConsumerID { return aup.ConsumerID(fmt.Sprintf("c%06d", n)) }

// slowest says how long the slowest of the codes asked so far took.
func (m *mailroom) slowest(consumers int) (took time.Duration, codes int) {
	m.Helper()
	for n := range consumers {
		all, err := m.l.Notices(m.Context(), consumer(n))
		if err != nil {
			m.Fatal(err)
		}
		for _, notice := range all {
			if notice.Kind == aup.OneTimeCode && !notice.Sent.IsZero() {
				took, codes = max(took, notice.Sent.Sub(notice.Owed)), codes+1
			}
		}
	}
	return took, codes
}

func newMailroom(t *testing.T, consumers int, a *account) *mailroom {
	l, _ := ledgertest.Open(t)
	a.refused = map[string]int{}
	m := &mailroom{T: t, l: l, account: a}
	v := ledgertest.Version(t, l, "Be fair.", ledgertest.Day1, aup.ByUse)
	for i := range consumers {
		contact := aup.Contact{ID: "ann", Name: "Ann", Email: "ann@p.example", Role: aup.Authority, Salt: "s"}
		id := consumer(i)
		ledgertest.Append(t, l, id, "r", &ledger.Entry{Fact: aup.Registered{Policy: "places-api", Contacts: []aup.ContactRef{contact.Ref()}},
			Contacts: []aup.Contact{contact}, Profile: &aup.Consumer{ID: id, Name: string(id), Policy: "places-api"}})
		d := distribute.Distributor{Ledger: l, Now: func() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }}
		if err := d.Issue(t.Context(), id, v); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// TestACodeInTheMiddleOfACampaign: while a campaign takes all the rate it may, a one-time code is sent within
// seconds, and so is each of thirty that are asked for at once. What SES refuses for being
// too fast takes another turn, and a campaign has three quarters of the rate. Times are the bubble's; what the stream and the queue take is not in them.
// ACCORD_CAMPAIGN is how many consumers.
func TestACodeInTheMiddleOfACampaign(t *testing.T) {
	consumers, rate := 1200, 14
	if n, err := strconv.Atoi(os.Getenv("ACCORD_CAMPAIGN")); err == nil {
		consumers = n
	}
	m := newMailroom(t, consumers, &account{rate: rate})
	synctest.Test(t, func(t *testing.T) {
		m.T = t
		start := time.Now()
		m.open()
		m.wake()
		time.Sleep(20 * time.Second)
		for n := range 10 {
			m.ask(n)
			time.Sleep(3 * time.Second)
		}
		one, codes := m.slowest(40)
		for n := range 30 {
			m.ask(10 + n)
		}
		time.Sleep(30 * time.Second)
		burst, all := m.slowest(40)
		if len(m.bulk) == 0 {
			t.Error("the campaign was over before")
		}
		t.Logf("a code asked for in mid-campaign: sent after %s at the most; the last of 30 at once: %s", one, burst)
		if codes != 10 || all != 40 || one > 2*time.Second || burst > 15*time.Second {
			t.Errorf("%d codes of 10 within %s, %d of 40 within %s", codes, one, all, burst)
		}
		close(m.urgent)
		close(m.bulk)
		m.all.Wait()
		took := time.Since(start)
		share := float64(consumers) / took.Seconds() / float64(rate)
		t.Logf("%d emails in %s: %.0f %% of the account's rate", consumers, took.Round(time.Second), share*100)
		if share < 0.7 {
			t.Errorf("share %.2f", share)
		}
		if n, err := m.l.Open(t.Context()); n > ledger.Shards || err != nil { // those of the version's distribution
			t.Errorf("%d dues are open (%v)", n, err)
		}
	})
}

// TestADaysQuotaGoesOnByItself: a campaign of more emails than the account may send in 24 hours stops, is not
// asked for again every minute, and is done a day later, each email once and none of them in doubt.
func TestADaysQuotaGoesOnByItself(t *testing.T) {
	const consumers = 60
	m := newMailroom(t, consumers, &account{rate: 14, quota: 40})
	synctest.Test(t, func(t *testing.T) {
		m.T = t
		m.open()
		for range 26 * 12 {
			m.wake() // as the sweeper does; here every five minutes
			time.Sleep(5 * time.Minute)
		}
		close(m.urgent)
		close(m.bulk)
		m.all.Wait()
		if n := len(m.account.sent); n != consumers || m.account.refused["quota"] > 26*(consumers-40) {
			t.Errorf("%d sent, refused %v", n, m.account.refused)
		}
		if n, err := m.l.Open(t.Context()); n != ledger.Shards || err != nil { // those of the version's distribution
			t.Errorf("%d dues are open (%v)", n, err)
		}
		for n := range consumers {
			events, _ := m.l.Events(t.Context(), consumer(n))
			for _, e := range events {
				if f, ok := e.Fact.(aup.NoticeSent); ok && f.Repeat {
					t.Errorf("%s: a refusal counts as a doubt: %+v", consumer(n), f)
				}
			}
		}
	})
}
