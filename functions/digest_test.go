package functions_test

import (
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// TestTheDigest: distribute makes a digest of the day's index, deliver sends it, the next one is planned, and a
// sweep finds nothing to do.
func TestTheDigest(t *testing.T) {
	d := deploy(t)
	yesterday := time.Now().Add(-30 * time.Hour)
	due := aup.Due{ID: "provider.digest.now", Kind: aup.DueDeadline, Step: aup.StepDigest, Consumer: aup.Provider,
		Cursor: yesterday.Add(-24 * time.Hour).UTC().Format(time.RFC3339)}
	for cause, f := range map[string]struct {
		to   aup.ConsumerID
		at   time.Time
		what ledger.Entry
	}{
		"register": {"nobody-there", yesterday, ledger.Entry{Fact: aup.Registered{Policy: "places-api"}}},
		"now":      {aup.Provider, time.Now(), ledger.Entry{Fact: aup.ProviderOpened{}, Dues: []aup.Due{due}}},
	} {
		if _, err := d.ledger.Append(t.Context(), f.to, cause, f.at, func(aup.Standing) (*ledger.Entry, error) { return &f.what, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.ledger.Append(t.Context(), "nobody-there", "issued", yesterday, func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: aup.PolicyIssued{Policy: "places-api", Version: 1}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	d.settle()
	if !d.mailedTo("admins@example.org", "your digest") || len(d.ses.Sent()) != 1 {
		t.Errorf("sent: %+v", d.ses.Sent())
	}
	d.invoke("sweep", map[string]any{})
	d.settle()
	if n, err := d.ledger.Open(t.Context()); n != 0 || err != nil {
		t.Errorf("%d owed (%v)", n, err)
	}
	if err := d.ledger.Verify(t.Context(), aup.Provider); err != nil {
		t.Error(err)
	}
}
