package cwlogs

import (
	"os"
	"testing"
)

func TestTheSampleBatchHoldsTwentyGoodLines(t *testing.T) {
	raw, err := os.ReadFile("../../../events/ingest-logs.json")
	if err != nil {
		t.Fatal(err)
	}
	var r Reader
	b, kind, err := r.Read(raw, MaxUnpacked, now)
	if err != nil || kind != Data || b.Count != 20 || b.Unordered {
		t.Fatal(kind, b, err)
	}
	if lines := r.Lines(); lines.Lines != 20 || len(lines.Rejected) > 0 {
		t.Errorf("%+v", lines)
	}
	if raw, err = os.ReadFile("../../../events/ingest-logs-control.json"); err != nil {
		t.Fatal(err)
	}
	if _, kind, err = r.Read(raw, MaxUnpacked, now); err != nil || kind != Control {
		t.Error(kind, err)
	}
}
