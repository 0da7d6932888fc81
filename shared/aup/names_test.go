package aup

import (
	"strings"
	"testing"

	"accord/shared/hostiletest"
)

// TestNamesThatAreRefused: a name with a line break or another control character, or of more than 200 bytes, is
// not registered; every other text is, and stays what it is.
func TestNamesThatAreRefused(t *testing.T) {
	for _, name := range hostiletest.Texts() {
		refused := name == "" || len(name) > 200 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f })
		consumer := Consumer{ID: "guide", Name: name, Policy: "places-api"}.Check()
		if (consumer != nil) != refused || consumer != nil && !strings.Contains(consumer.Error(), "name") {
			t.Errorf("consumer %.60q: %v", name, consumer)
		}
		contact := Contact{ID: "ann", Name: name, Email: "ann@guide.example", Role: Authority}.Check()
		if (contact != nil) != (refused && name != "") {
			t.Errorf("contact %.60q: %v", name, contact)
		}
	}
}
