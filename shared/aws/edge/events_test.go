package edge_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/shared/aup"
	"accord/shared/aws/edge"
	"accord/shared/enforce"
)

// samples says which sample events start their function otherwise than an admin does, directly.
var samples = map[string]edge.Kind{
	"audit-usage-api-get":          edge.Request,
	"audit-usage-api-post":         edge.Request,
	"audit-usage-stream":           edge.Stream,
	"collect-usage-schedule":       edge.Schedule,
	"consumer-pages-accept":        edge.Request,
	"consumer-pages-policy":        edge.Request,
	"decide-case-api":              edge.Request,
	"deliver":                      edge.Queue,
	"dispatch":                     edge.Stream,
	"distribute":                   edge.Queue,
	"enforce":                      edge.Queue,
	"onboard-consumer":             edge.Event,
	"onboard-consumer-key-changed": edge.Event,
	"record-delivery-bounced":      edge.Event,
	"record-delivery-delayed":      edge.Event,
	"record-delivery-delivered":    edge.Event,
	"sweep":                        edge.Schedule,
}

const folder = "../../../events"

func sample(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(folder, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSampleEventsAreOfTheirKind(t *testing.T) {
	files, err := filepath.Glob(folder + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no sample events", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		want := edge.Direct
		if other, is := samples[name]; is {
			want = other
		}
		if got := edge.Trigger(sample(t, name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestEveryFunctionHasASample(t *testing.T) {
	functions, err := filepath.Glob("../../../functions/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range functions {
		name := filepath.Base(filepath.Dir(main))
		if found, _ := filepath.Glob(filepath.Join(folder, name+"*.json")); len(found) == 0 {
			t.Errorf("%s has no sample event in events/", name)
		}
	}
}

func TestTheSampleOfANewKeyIsRead(t *testing.T) {
	got, added, err := edge.KeyAdded(sample(t, "onboard-consumer"))
	if err != nil || !added || got != (edge.NewKey{Key: "f6g7h8i9j0", Plan: "u1v2w3"}) {
		t.Errorf("%+v, %v, %v", got, added, err)
	}
}

func TestTheSampleOfAChangedKeyIsRead(t *testing.T) {
	got, changed, err := edge.KeyChanged(sample(t, "onboard-consumer-key-changed"))
	if err != nil || !changed || got != (enforce.Change{Key: "a1b2c3d4e5", Found: aup.KeyDisabled, Trail: "9c1f2a44-6d6e-4f0b-8f5e-2f1f0a7b3c21"}) {
		t.Errorf("%+v, %v, %v", got, changed, err)
	}
	if _, added, err := edge.KeyAdded(sample(t, "onboard-consumer-key-changed")); added || err != nil {
		t.Errorf("it is taken for a new key: %v", err)
	}
}
