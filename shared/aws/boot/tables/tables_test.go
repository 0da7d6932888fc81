package tables

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryFunctionReadsUsageAsTheDeploymentSays: a meter that a main makes of its own knows neither into how many
// parts windows are split nor whether there is a log.
func TestEveryFunctionReadsUsageAsTheDeploymentSays(t *testing.T) {
	mains, err := filepath.Glob("../../../../functions/*/main.go")
	if err != nil || len(mains) < 14 {
		t.Fatal(mains, err)
	}
	template, err := os.ReadFile("../../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range mains {
		b, err := os.ReadFile(main)
		if err != nil {
			t.Fatal(err)
		}
		source := string(b)
		if strings.Contains(source, "metering.New(") || strings.Contains(source, "metering.Split(") {
			t.Errorf("%s makes its own meter: use tables.Meter", main)
		}
		folder := filepath.Base(filepath.Dir(main))
		_, block, _ := strings.Cut(string(template), "CodeUri: functions/"+folder+"/")
		block, _, _ = strings.Cut(block, "CodeUri:")
		meters := strings.Contains(source, "tables.Meter(") || strings.Contains(source, "judging.Open(")
		if meters != strings.Contains(block, "WINDOW_PARTS:") {
			t.Errorf("%s: reads usage: %t, and is told WINDOW_PARTS: %t", folder, meters, !meters)
		}
		if judges := folder == "publish-policy" || strings.Contains(source, "judging.Open("); judges != strings.Contains(block, "ACCESS_LOG:") {
			t.Errorf("%s: judges usage: %t, and is told ACCESS_LOG: %t", folder, judges, !judges)
		}
	}
}
