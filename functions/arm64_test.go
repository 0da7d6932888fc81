package functions_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"accord/shared/aws/fake"
	"accord/shared/needtest"
)

// TestArm64 runs ingest-logs as it is deployed by default, for arm64, under an emulator where this machine
// has another processor.
func TestArm64(t *testing.T) {
	var wrapper []string
	if runtime.GOARCH != "arm64" {
		emulator, err := exec.LookPath("qemu-aarch64-static")
		if err != nil {
			needtest.Missing(t, "qemu-aarch64-static: run .ci/tools qemu")
		}
		wrapper = []string{emulator}
	}
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags=lambda.norpc", "-ldflags=-s -w", "-o", bootstrap, "./ingest-logs")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	f, err := fake.StartFunction(t.Context(), bootstrap, map[string]string{"USAGE_TABLE": "usage"}, wrapper...)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Stop()
	event, err := os.ReadFile("../events/ingest-logs-control.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Invoke(t.Context(), event); err != nil {
		t.Error(err)
	}
}
