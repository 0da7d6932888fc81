package aup

import (
	"fmt"
	"regexp"
)

// The identifiers are distinct types so that one cannot be passed for another.
type (
	PolicyID   string // chosen by the provider in the policy's front matter, such as "dos-api"
	ClauseID   string // the {#id} of a heading, stable across versions
	ConsumerID string // chosen by the admin at registration
	ContactID  string // unique within its consumer
	KeyID      string // API Gateway's id of an API key; never the key's value
	NoticeID   string // unique within its consumer
	CaseID     string // unique within its consumer
)

// Admins is the contact a notice is owed to when the provider's own people must be told.
// Its address is a deployment parameter, not a record.
const Admins ContactID = "admins"

var (
	slug  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	keyID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
)

// MaxSlug is the longest policy, clause, consumer or contact id, in bytes.
const MaxSlug = 64

// CheckSlug says what is wrong with an id chosen by a person: lower-case letters, digits and single
// hyphens, at most MaxSlug bytes, so that it can stand in a storage key, a link and an email header.
func CheckSlug(field, s string) error {
	if len(s) > MaxSlug || !slug.MatchString(s) {
		return fmt.Errorf("%s: %q is not an id: use lower-case letters, digits and single hyphens, at most %d", field, s, MaxSlug)
	}
	return nil
}

// CheckKey says what is wrong with an API key id. API Gateway's own are ten characters long; ids given
// by a caller may be longer.
func CheckKey(field string, id KeyID) error {
	if !keyID.MatchString(string(id)) {
		return fmt.Errorf("%s: not an API key id: use letters, digits, hyphens and underscores, at most 128", field)
	}
	return nil
}
