package boot

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"accord/shared/hostiletest"
)

// TestALogLineStaysOne: whatever text an error, a field or a message carries, a log has one line of JSON for it.
func TestALogLineStaysOne(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	texts := hostiletest.Texts()
	for _, text := range texts {
		log.Error(text, "error", errors.New(text).Error(), "message", text)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(texts) {
		t.Errorf("%d lines for %d texts", len(lines), len(texts))
	}
	for _, line := range lines {
		var fields map[string]string
		if err := json.Unmarshal([]byte(line), &fields); err != nil || len(fields) != 5 || strings.ContainsAny(line, "\r\x00\u2028") {
			t.Errorf("%d fields, %v: %.80q", len(fields), err, line)
		}
	}
}
