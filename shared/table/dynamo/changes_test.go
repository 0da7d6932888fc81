package dynamo

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accord/shared/table"
)

// testdata/stream.json is an event as Lambda hands it over: an insert, a change, and a removal by TTL.
func TestChangesOfAnEvent(t *testing.T) {
	wire, err := os.ReadFile("testdata/stream.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.DynamoDBEvent
	if err := json.Unmarshal(wire, &event); err != nil {
		t.Fatal(err)
	}
	due := table.Item{Key: table.Key{PK: "due#07", SK: "2026-11-16T00:00:00Z#clinic.1-ann"}, V: 1, Body: []byte(`{"kind":"email"}`)}
	first := table.Item{Key: table.Key{PK: "token#4c2a", SK: "token"}, V: 1, TTL: 1795392000, Body: []byte{0, 255}}
	second := table.Item{Key: first.Key, V: 2, TTL: 1795392000}
	want := []table.Change{
		{Key: due.Key, New: &due},
		{Key: first.Key, Old: &first, New: &second},
		{Key: first.Key, Old: &second},
	}
	got, err := Changes(event.Records)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
}

func TestRecordsThatAreNoChange(t *testing.T) {
	for _, c := range []struct{ rule, image, says string }{
		{"a stream of keys only", `null`, "NEW_AND_OLD_IMAGES"},
		{"an item without a body", `{"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"N": "1"}}`, "not Accord's"},
		{"an item whose version is a string", `{"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"S": "1"}, "body": {"B": ""}}`, "not Accord's"},
		{"an item whose version is a fraction", `{"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"N": "1.5"}, "body": {"B": ""}}`, "attribute v"},
	} {
		for _, name := range []string{"NewImage", "OldImage"} {
			var r events.DynamoDBEventRecord
			if err := json.Unmarshal([]byte(`{"dynamodb": {"SequenceNumber": "17", "`+name+`": `+c.image+`}}`), &r); err != nil {
				t.Fatal(err)
			}
			_, err := Changes([]events.DynamoDBEventRecord{r})
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "record 17") {
				t.Errorf("%s: %v", c.rule, err)
			}
		}
	}
}
