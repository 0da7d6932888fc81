package pages_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/notice"
	"accord/shared/pages"
	"accord/shared/table"
	"accord/shared/web"
)

// kept is a table that remembers what it was asked for and had. Sealed, it has nothing else, takes no writes,
// and counts them.
type kept struct {
	table.Table
	found  map[table.Key]table.Item
	sealed bool
	writes atomic.Int64
}

func (k *kept) Get(ctx context.Context, key table.Key) (table.Item, error) {
	if it, ok := k.found[key]; ok {
		return it, nil
	}
	if k.sealed {
		return table.Item{}, table.ErrNotFound
	}
	it, err := k.Table.Get(ctx, key)
	if err == nil {
		k.found[key] = it
	}
	return it, err
}

func (k *kept) Write(context.Context, ...table.Op) error {
	if k.sealed {
		k.writes.Add(1)
	}
	return errRead
}

var errRead = errors.New("this table is only read")

// TestForgedPasses: a million passes that were never given out, each a real link or session with something changed,
// alone, together, or beside a real one of the same person, a colleague or another organisation. None accepts,
// answers, disagrees or shows more than its link; none writes anything.
func TestForgedPasses(t *testing.T) {
	w := newWorld(t)
	links := []string{w.link("ann@guide.example"), w.link("bob@guide.example"), w.link("ann@rival.example")}
	sessions := []string{w.pass("ann@guide.example").Session, w.pass("bob@guide.example").Session, w.pass("ann@rival.example").Session}
	of := func(all []string, r *rand.Rand) string { return all[r.IntN(len(all))] }
	secrets := append(append([]string{}, links...), sessions...)
	k := &kept{Table: w.table, found: map[table.Key]table.Item{}}
	desk := w.desk
	desk.Ledger = ledger.New(k)
	desk.Distributor.Ledger = desk.Ledger
	for i := range links {
		for n := range 3 {
			if err := try(t.Context(), desk, web.Pass{Link: links[i], Session: sessions[i]}, n); !errors.Is(err, errRead) && !errors.Is(err, web.ErrNoAuthority) {
				t.Fatalf("the real pass %d, which would be written: %v", i, err)
			}
		}
	}
	k.sealed = true

	const many, workers = 1_000_000, 4
	var all sync.WaitGroup
	for n := range workers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(7, uint64(n)))
			forge := forger(secrets, r)
			for i := range many / workers {
				p, want := web.Pass{Link: forge(), Session: forge()}, web.ErrNotFound
				switch i % 4 {
				case 0:
					p.Link, want = of(links, r), web.ErrNotEntered
				case 1:
					p.Session = of(sessions, r)
				case 2: // both real, but each somebody else's
					j := r.IntN(3)
					p.Link, p.Session, want = links[j], sessions[(j+1+r.IntN(2))%3], web.ErrNotEntered
				}
				if err := try(t.Context(), desk, p, i/4); !errors.Is(err, want) {
					t.Errorf("pass %d of %d: %v, want %v", i, n, err, want)
					return
				}
			}
		})
	}
	all.Wait()
	if n := k.writes.Load(); n > 0 || w.accepted("guide") || w.accepted("rival") {
		t.Errorf("%d writes", n)
	}
}

// try does with a pass one of the things that want a session.
func try(ctx context.Context, d pages.Desk, p web.Pass, n int) error {
	switch n % 3 {
	case 0:
		_, err := d.Accept(ctx, p, web.Acceptance{Version: 1, Name: "Eve", Role: "Head", MayBind: true})
		return err
	case 1:
		return d.Answer(ctx, p, "", "x")
	}
	return d.Disagree(ctx, p, 1, "x")
}

// TestScannersChangeNothing: what opens every link of an email, and follows what it finds, accepts nothing,
// asks for no code and writes nothing.
func TestScannersChangeNothing(t *testing.T) {
	w := newWorld(t)
	k := &kept{Table: w.table, sealed: true}
	desk := w.desk
	desk.Ledger = ledger.New(readOnly{k})
	desk.Distributor.Ledger = desk.Ledger
	site := web.New(desk, notice.Provider{Name: "Places", BaseURL: "https://p.example"}, func() time.Time { return w.now })
	for _, path := range []string{"", "/code", "/session", "/accept", "/answer", "/disagree"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			r := httptest.NewRequest(method, "/p/"+w.link("ann@guide.example")+path+"?version=1&name=Eve&role=Head&may-bind=yes&text=x", nil)
			answer := httptest.NewRecorder()
			site.ServeHTTP(answer, r)
			if shown := path == "" && method != http.MethodOptions; shown != (answer.Code == http.StatusOK) {
				t.Errorf("%s %s: %d", method, path, answer.Code)
			}
		}
	}
	if n := k.writes.Load(); n > 0 || w.accepted("guide") {
		t.Errorf("%d writes", n)
	}
}

// readOnly reads the table itself and refuses what k refuses.
type readOnly struct{ *kept }

func (r readOnly) Get(ctx context.Context, key table.Key) (table.Item, error) {
	return r.Table.Get(ctx, key)
}

// TestForgedCodes: twenty thousand codes that are not the one of the link, five to each that was made, open
// nothing: altered, of a colleague, of another organisation, of another link, the one before.
func TestForgedCodes(t *testing.T) {
	w := newWorld(t)
	l, now := w.desk.Ledger, w.now
	links := []string{w.link("ann@guide.example"), w.link("bob@guide.example"), w.link("ann@rival.example")}
	r := rand.New(rand.NewPCG(8, 8))
	last := make([]string, len(links))
	for round := range 4000 {
		i := round % len(links)
		now = now.Add(time.Second)
		code, err := l.NewCode(t.Context(), ledger.LinkHash(links[i]), aup.NoticeID(fmt.Sprint(round)), now)
		if err != nil {
			t.Fatal(err)
		}
		altered := forger([]string{code}, r)
		for _, wrong := range []string{altered(), altered(), last[i], last[(i+1)%3], last[(i+2)%3]} {
			if wrong == code {
				continue // one in a million
			}
			if secret, err := l.Enter(t.Context(), links[i], wrong, now); !errors.Is(err, ledger.ErrCode) || secret != "" {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		last[i] = code
	}
}

// forger alters secrets, and never returns one of them.
func forger(secrets []string, random *rand.Rand) func() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	alter := []func(b []byte) []byte{
		func(b []byte) []byte { b[random.IntN(len(b))] = letters[random.IntN(64)]; return b },
		func(b []byte) []byte { return b[:random.IntN(len(b))] },
		func(b []byte) []byte { return append(b, letters[random.IntN(64)]) },
		func(b []byte) []byte { i := random.IntN(len(b) - 1); b[i], b[i+1] = b[i+1], b[i]; return b },
		func(b []byte) []byte { return []byte(strings.ToUpper(string(b))) },
		func(b []byte) []byte { return append(b[1:], b[0]) },
		func(b []byte) []byte {
			for i := range b {
				b[i] = letters[random.IntN(64)]
			}
			return b
		},
		func(b []byte) []byte { return []byte(aup.Hash(b)) },
		func(b []byte) []byte { return append(b, 0) },
	}
	return func() string {
		for {
			s := string(alter[random.IntN(len(alter))]([]byte(secrets[random.IntN(len(secrets))])))
			forged := true
			for _, r := range secrets {
				forged = forged && s != r
			}
			if forged {
				return s
			}
		}
	}
}
