// Package needtest says what becomes of a test when something that it needs beyond Go is not there: it is skipped and
// says what is missing, or fails where ACCORD_REQUIRE=all asks for everything, as .ci/run does.
package needtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Missing ends the test, for want of what is missing, which is said with how to get it.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("ACCORD_REQUIRE") == "all" {
		t.Fatalf("missing: %s", what)
	}
	t.Skipf("missing: %s", what)
}

// Real is the path of a real document or log, for the tests of a package that lies directly in shared. They are handed out
// beside the project, and not with it.
func Real(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "real", name)
	if _, err := os.Stat(path); err != nil {
		Missing(t, name+" in ../shared/real beside the project, where the real documents are handed out")
	}
	return path
}
