package metering_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/table"
	"accord/shared/table/bolt"
	"accord/shared/table/dynamo"
	"accord/shared/table/dynamo/dynamolocal"
	"accord/shared/usage"

	"github.com/google/go-cmp/cmp"
)

// What all keys ask for is learned from many windows at once, some of them twice, on both engines: nothing is lost, and it is
// what one who saw everything would know.
func TestPopulationsAreLearnedAtOnce(t *testing.T) {
	t.Run("bolt", func(t *testing.T) {
		db, err := bolt.Open(filepath.Join(t.TempDir(), "usage.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		learnedAtOnce(t, db.Table("usage"))
	})
	t.Run("DynamoDB Local", func(t *testing.T) {
		client := dynamolocal.Start(t)
		learnedAtOnce(t, dynamo.New(client, dynamolocal.NewTable(t, client)))
	})
}

func learnedAtOnce(t *testing.T, db table.Table) {
	meter := metering.New(db, 1)
	if p, err := meter.Population(t.Context(), usage.DateOf(noon)); err != nil || len(p.Demand) != 0 {
		t.Fatalf("of a day that nobody learned anything of: %v, %v", p, err)
	}
	var want usage.Population
	var workers sync.WaitGroup
	for i := range 6 {
		window := noon.Add(time.Duration(i) * usage.Window)
		keys := map[aup.KeyID]usage.Summary{}
		for k := range 5 {
			key := aup.KeyID(fmt.Sprint("key", k))
			var s usage.Summary
			for n := range 60 {
				s.Add(usage.Call{At: window, Key: key, Method: "GET", Template: "/p/{id}", Path: fmt.Sprint("/live/p/", 40*i+7*k+n), Status: 200})
			}
			want.AddWindow(key, &s)
			keys[key] = s
		}
		workers.Go(func() {
			for range 2 {
				if err := meter.Learn(t.Context(), window, keys); err != nil {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	got, err := meter.Population(t.Context(), usage.DateOf(noon))
	if diff := cmp.Diff(want.Encode(), got.Encode()); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}
