// Package onboard makes a consumer of a new API key.
//
// A key that was added to a usage plan, and that nobody registered, becomes a consumer named after it:
// without contacts it waits, visibly, and the admins are told. API Gateway's events about new keys come
// through CloudTrail, which may lose some; collect-usage therefore onboards every key that GetUsage tells of.
package onboard

import (
	"context"
	"errors"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
)

// Onboarder registers consumers for keys that have none.
type Onboarder struct {
	Ledger *ledger.Ledger
	Policy aup.PolicyID // what such a consumer is issued
	Now    func() time.Time
}

// Key makes sure that a key belongs to a consumer.
func (o Onboarder) Key(ctx context.Context, key aup.KeyID) error {
	if err := aup.CheckKey("key", key); err != nil {
		return err
	}
	_, err := o.Ledger.ConsumerOf(ctx, key)
	if !errors.Is(err, ledger.ErrUnknown) {
		return err
	}
	c := aup.Consumer{ID: named(key), Name: "API key " + string(key), Policy: o.Policy, Keys: []aup.KeyID{key}}
	_, err = o.Ledger.Append(ctx, c.ID, "onboarded#"+string(key), o.Now(), Register(c, nil, ""))
	return err
}

// named makes a consumer id of a key id: API Gateway's are letters and digits.
func named(key aup.KeyID) aup.ConsumerID {
	s := strings.ReplaceAll(strings.ToLower(string(key)), "_", "-")
	s = strings.Trim("key-"+s, "-")
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	return aup.ConsumerID(s[:min(len(s), aup.MaxSlug)])
}

// Register is the append that starts a consumer's history: its record, its contacts and keys, its place
// in the directory, and a due to issue it the policy.
func Register(c aup.Consumer, contacts []aup.Contact, actor string) ledger.Decide {
	fact := aup.Registered{Policy: c.Policy, Uses: c.Uses, Serves: c.Serves != "", Protected: c.Protected, Keys: c.Keys}
	salted := make([]aup.Contact, len(contacts))
	for i, contact := range contacts {
		salted[i] = contact.Salted()
		fact.Contacts = append(fact.Contacts, salted[i].Ref())
	}
	return func(aup.Standing) (*ledger.Entry, error) {
		return &ledger.Entry{Fact: fact, Actor: actor, Profile: &c, Contacts: salted, Keys: c.Keys,
			Dues: []aup.Due{{ID: string(c.ID) + ".welcome", Kind: aup.DueDistribute, Consumer: c.ID, Policy: c.Policy}}}, nil
	}
}
