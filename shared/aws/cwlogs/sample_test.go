package cwlogs

import (
	"os"
	"testing"

	"accord/shared/accesslog"
)

func TestTheSampleBatchHoldsTwentyGoodLines(t *testing.T) {
	raw, err := os.ReadFile("../../../events/ingest-logs.json")
	if err != nil {
		t.Fatal(err)
	}
	s, kind, err := Decode(raw, MaxUnpacked)
	if err != nil || kind != Data || len(s.Events) != 20 {
		t.Fatal(kind, len(s.Events), err)
	}
	for _, e := range s.Events {
		if _, err := accesslog.Parse(e.Message); err != nil {
			t.Errorf("%s: %v", e.Message, err)
		}
	}
	if raw, err = os.ReadFile("../../../events/ingest-logs-control.json"); err != nil {
		t.Fatal(err)
	}
	if _, kind, err = Decode(raw, MaxUnpacked); err != nil || kind != Control {
		t.Error(kind, err)
	}
}
