package simulate_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/shared/simulate"
)

var update = flag.Bool("update", false, "take the logs as they are now for those that every set must make")

// Figures of different days can only be compared when the logs are the same: nobody changes a set by accident.
func TestLogsStayAsTheyWere(t *testing.T) {
	var b strings.Builder
	for _, size := range everySet() {
		c, sum := simulate.New(1, size), sha256.New()
		if _, err := c.WriteTo(sum); err != nil {
			t.Fatal(err)
		}
		if err := c.WriteLabels(sum); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %d lines %.8x\n", size.Set, c.Len(), sum.Sum(nil))
	}
	path := filepath.Join("testdata", "logs.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("%s has\n%snow it is\n%sIf a set was changed on purpose, measure anew what docs/detection.md says of it; then -update", path, want, got)
	}
}
