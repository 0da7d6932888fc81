package aup

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
)

// Consumer is what an admin says of an organisation at registration, and may change later.
type Consumer struct {
	ID        ConsumerID `json:"id"`
	Name      string     `json:"name"`
	Policy    PolicyID   `json:"policy"`
	Uses      []string   `json:"uses,omitempty"`      // intended uses, such as "public-display"
	Serves    string     `json:"serves,omitempty"`    // what stops if its access stops
	Protected bool       `json:"protected,omitempty"` // suspension needs people's approval
	Keys      []KeyID    `json:"keys,omitempty"`
}

// Check says everything that is wrong with a consumer; nil when it can be registered.
func (c Consumer) Check() error {
	errs := []error{CheckSlug("id", string(c.ID)), CheckSlug("policy", string(c.Policy)), checkText("name", c.Name, 200)}
	if c.Name == "" {
		errs = append(errs, errors.New("name: say what the organisation is called"))
	}
	if c.ID == Provider {
		errs = append(errs, fmt.Errorf("id: %q stands for the provider itself; choose another", Provider))
	}
	seen := map[KeyID]bool{}
	for i, k := range c.Keys {
		errs = append(errs, CheckKey(fmt.Sprintf("keys[%d]", i), k))
		if seen[k] {
			errs = append(errs, fmt.Errorf("keys[%d]: named twice", i))
		}
		seen[k] = true
	}
	return errors.Join(errs...)
}

// What a contact is there for.
const (
	Authority  Role = "authority"    // may accept for the organisation
	Technical  Role = "technical"    // runs the software that calls the API
	OutOfHours Role = "out-of-hours" // is reached when the others are asleep
)

// Role of a contact.
type Role string

// Contact is a person at a consumer. It is personal data: it lives outside the chain and can be erased.
type Contact struct {
	ID    ContactID `json:"id"`
	Name  string    `json:"name"`
	Email string    `json:"email"`
	Role  Role      `json:"role"`
	Salt  string    `json:"salt"` // makes Commitment unguessable; erased with the rest
}

// Check says everything that is wrong with a contact.
func (c Contact) Check() error {
	errs := []error{CheckSlug("id", string(c.ID)), checkText("name", c.Name, 200)}
	if a, err := mail.ParseAddress(c.Email); err != nil || a.Address != c.Email {
		errs = append(errs, errors.New("email: not an address such as name@example.org"))
	}
	switch c.Role {
	case Authority, Technical, OutOfHours:
	default:
		errs = append(errs, fmt.Errorf("role: %q is not one of %s, %s, %s", c.Role, Authority, Technical, OutOfHours))
	}
	return errors.Join(errs...)
}

// Salted returns the contact with a salt of 128 random bits, if it has none.
func (c Contact) Salted() Contact {
	if c.Salt == "" {
		b := make([]byte, 16)
		rand.Read(b)
		c.Salt = hex.EncodeToString(b)
	}
	return c
}

// Ref is what events keep of a contact: who it was can be shown with the record, not without.
func (c Contact) Ref() ContactRef {
	sum := sha256.Sum256([]byte(strings.Join([]string{c.Salt, c.Name, c.Email}, "\x00")))
	return ContactRef{ID: c.ID, Role: c.Role, Commitment: hex.EncodeToString(sum[:])}
}

// ContactRef stands for a contact in events: free of personal data.
type ContactRef struct {
	ID         ContactID `json:"id"`
	Role       Role      `json:"role"`
	Commitment string    `json:"commitment"` // SHA-256 over salt, name and address
}

func checkText(field, s string, most int) error {
	if len(s) > most {
		return fmt.Errorf("%s: longer than %d bytes", field, most)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("%s: has a control character, such as a line break", field)
	}
	return nil
}

// Date is the UTC day of a moment, as in "2027-01-15": the period of daily limits.
func Date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// How sentences write a day and a minute (UTC), as time.Format reads them: "15 January 2027", "15 January 2027, 09:30".
const (
	LongDay    = "2 January 2006"
	LongMinute = LongDay + ", 15:04"
)
