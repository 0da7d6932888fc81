package delivery_test

import (
	"fmt"
	"testing"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// TestResendDyingAtEachWrite: every email came back, and is sent again to all, while the process dies once,
// before and after each write: it goes out once more, and not twice.
func TestResendDyingAtEachWrite(t *testing.T) {
	const consumers = 1
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			c := newCampaign(t, consumers)
			c.bounce = 1
			c.run()
			l := ledger.New(c.base)
			var dues []aup.Due
			for shard := range ledger.Shards {
				dues = append(dues, aup.Due{ID: fmt.Sprintf("resend.%d", shard), Kind: aup.DueDistribute, Step: aup.StepResend,
					Policy: "places-api", Version: 2, Shard: shard, To: aup.ToNotReceived, Request: "r"})
			}
			if err := l.Answer(t.Context(), "r", "asked", []byte(`{}`), c.now, dues...); err != nil {
				t.Fatal(err)
			}
			c.bounce, c.writes, c.dieAt, c.after = 0, 0, at, after
			c.run()
			if c.died() == 0 {
				break
			}
			for i := range consumers {
				id := aup.ConsumerID(fmt.Sprintf("c%06d", i))
				s, err := l.Standing(t.Context(), id)
				events, _ := l.Events(t.Context(), id)
				resent := 0
				for _, e := range events {
					if _, is := e.Fact.(aup.NoticeResent); is {
						resent++
					}
				}
				if err != nil || resent != 1 || s.Issued[1].Told.IsZero() {
					t.Errorf("dying at write %d (after it: %t): %s was sent it again %d times, told %s (%v)", at, after, id, resent, s.Issued[1].Told, err)
				}
			}
			if n, err := l.Open(t.Context()); n != 0 || err != nil {
				t.Errorf("dying at write %d (after it: %t): %d owed (%v)", at, after, n, err)
			}
		}
	}
}
