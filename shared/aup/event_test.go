package aup

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var day1 = time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC)

// TestEveryFactCanBeRead: a type with a Kind method that the reader does not know would make a stored
// history unreadable.
func TestEveryFactCanBeRead(t *testing.T) {
	kinds := 0
	for _, name := range []string{"facts.go", "conduct.go", "digest.go", "gap.go", "alarm.go", "drift.go", "slow.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "Kind" {
				kinds++
			}
		}
	}
	if kinds != len(facts) {
		t.Errorf("the package declares %d kinds, the reader knows %d", kinds, len(facts))
	}
}

// TestEventsSurviveStorage: every kind of fact comes back as it was put.
func TestEventsSurviveStorage(t *testing.T) {
	for kind, read := range facts {
		fact, err := read([]byte("{}"))
		if err != nil {
			t.Fatal(kind, err)
		}
		want := Event{Seq: 3, Consumer: "city-guide", At: day1, Cause: "c", Actor: "a", Prev: "p", Fact: filled(fact),
			Notices: []NoticeRef{{"3-ann", "ann", Receipt}}}
		stored, err := json.Marshal(want)
		if err != nil {
			t.Fatal(kind, err)
		}
		var got Event
		if err := json.Unmarshal(stored, &got); err != nil {
			t.Fatal(kind, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", kind, d)
		}
	}
}

// filled sets every string, number and moment of a fact, so that a field lost on the way shows.
func filled(f Fact) Fact {
	v := reflect.New(reflect.TypeOf(f)).Elem()
	fill(v)
	return v.Interface().(Fact)
}

func fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(day1))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.CanInt():
		v.SetInt(7)
	case v.CanFloat():
		v.SetFloat(1.5)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	}
}

func TestAnUnknownKindIsNeverSkipped(t *testing.T) {
	var e Event
	err := json.Unmarshal([]byte(`{"seq":4,"consumer":"x","kind":"dreamt","fact":{}}`), &e)
	if err == nil || !strings.Contains(err.Error(), `unknown kind "dreamt"`) {
		t.Errorf("error %v, want one that names the kind", err)
	}
}
