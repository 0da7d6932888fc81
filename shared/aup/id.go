package aup

import "fmt"

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

// AdminsOutOfHours is whoever the provider can reach when its people are asleep. Where the deployment names
// nobody, what is owed to them is over unsent.
const AdminsOutOfHours ContactID = "admins-out-of-hours"

// OfProvider says that a contact is the provider's own and no consumer's.
func (id ContactID) OfProvider() bool { return id == Admins || id == AdminsOutOfHours }

// MaxSlug is the longest policy, clause, consumer or contact id, in bytes.
const MaxSlug = 64

// CheckSlug says what is wrong with an id chosen by a person: lower-case letters, digits and single
// hyphens, at most MaxSlug bytes, so that it can stand in a storage key, a link and an email header.
func CheckSlug(field, s string) error {
	if len(s) > MaxSlug || !slug(s) {
		return fmt.Errorf("%s: %q is not an id: use lower-case letters, digits and single hyphens, at most %d", field, s, MaxSlug)
	}
	return nil
}

// CheckKey says what is wrong with an API key id. API Gateway's own are ten characters long; ids given
// by a caller may be longer.
func CheckKey(field string, id KeyID) error {
	if !id.Valid() {
		return fmt.Errorf("%s: not an API key id: use letters, digits, hyphens and underscores, at most 128", field)
	}
	return nil
}

// Valid says whether an API key id is one. It has no regular expression, because making those took each function a
// millisecond of its cold start, and because it is asked for every line of a log.
func (id KeyID) Valid() bool {
	for i := range len(id) {
		if c := id[i]; !lowerOrDigit(c) && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return 0 < len(id) && len(id) <= 128
}

// slug says whether s is words of lower-case letters and digits with single hyphens between them.
func slug(s string) bool {
	word := false
	for i := range len(s) {
		switch c := s[i]; {
		case lowerOrDigit(c):
			word = true
		case c == '-' && word:
			word = false
		default:
			return false
		}
	}
	return word
}

func lowerOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
