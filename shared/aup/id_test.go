package aup_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"accord/shared/aup"
)

// Ids are what these expressions say, which would cost every function a cold start to make.
var (
	slug  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*\z`)
	keyID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}\z`)
)

func TestIdsAreWhatTheirExpressionsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z0-9A-Z_é\n -]{0,5}(-?[a-z0-9]){0,66}-?`).Draw(t, "id")
		if ok := aup.CheckSlug("id", s) == nil; ok != (slug.MatchString(s) && len(s) <= aup.MaxSlug) {
			t.Fatalf("%q: as a slug %v", s, ok)
		}
		if ok := aup.CheckKey("key", aup.KeyID(s)) == nil; ok != keyID.MatchString(s) {
			t.Fatalf("%q: as a key %v", s, ok)
		}
	})
	for n, want := range map[int]bool{0: false, 1: true, 128: true, 129: false} {
		if aup.KeyID(strings.Repeat("x", n)).Valid() != want {
			t.Errorf("a key of %d letters: %v", n, !want)
		}
	}
}
