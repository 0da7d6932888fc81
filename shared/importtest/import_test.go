// Package importtest holds the arrows: which package may import which. It is only a test.
package importtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pure packages import the standard library and each other: they judge, and know no storage, no
// network and no document format.
var pure = []string{"aup", "usage", "audit", "assess"}

// domain packages know neither AWS nor an engine. What each may import of other modules stands beside it.
var domain = map[string][]string{
	"policydoc":  {"go.yaml.in/yaml/v3", "github.com/yuin/goldmark", "github.com/microcosm-cc/bluemonday", "github.com/aymanbagabas/go-udiff"},
	"accesslog":  {},
	"metering":   {},
	"ledger":     {},
	"distribute": {},
	"dispatch":   {},
	"notice":     {},
	"delivery":   {},
	"enforce":    {},
	"onboard":    {},
	"act":        {},
	"judge":      {},
	"admin":      {},
	"pages":      {},
	"web":        {},
	"sweep":      {},
	"backtest":   {"github.com/klauspost/compress"},
	"simulate":   {},
	"table":      {},
}

// engines may only be named where a program is put together.
var engines = []string{"accord/shared/table/bolt", "accord/shared/table/dynamo"}

// rooms lists, for a package, the packages of the house it may not import, with the reason.
var walls = []struct{ from, to, why string }{
	{"aup", "accord/shared", "the words depend on nothing"},
	{"ledger", "accord/shared/notice", "the record does not know the words of emails"},
	{"ledger", "accord/shared/metering", "the record does not know usage"},
	{"metering", "accord/shared/ledger", "what is measured does not know who stands where"},
	{"audit", "accord/shared/assess", "findings come before their assessment"},
	{"assess", "accord/shared/audit", "an assessment sees findings, not detectors"},
	{"table", "accord/shared", "storage knows nothing of what it stores"},
	{"web", "accord/shared/ledger", "pages read through their Record"},
	{"notice", "accord/shared/ledger", "words are made from a Letter alone"},
}

// traffic is what the worlds of simulated traffic share. A room beside it imports it and the standard library: no set of kinds
// can be made with an eye on a detector, or on another set.
const traffic = "accord/shared/simulate/traffic"

// builtOn says which other world one of them builds on.
var builtOn = map[string]string{
	"simulate/references": "accord/shared/simulate/places", // its references are those of places
	"simulate/directory":  "accord/shared/simulate/places", // they draw the order of its sitemap
}

func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	walk(t, "..", func(file, room string, imports []string) {
		top, _, _ := strings.Cut(room, "/")
		seen[top] = true
		for _, i := range imports {
			if why := forbidden(room, top, i); why != "" {
				t.Errorf("%s imports %s: %s", file, i, why)
			}
		}
	})
	for _, p := range pure {
		if !seen[p] {
			t.Errorf("package %s is listed as pure, but there is none", p)
		}
	}
	for p := range domain {
		if !seen[p] {
			t.Errorf("package %s is listed as domain, but there is none", p)
		}
	}
}

// forbidden says why a file of a room may not import a path; "" when it may.
func forbidden(room, top, path string) string {
	edge := top == "aws" || strings.HasPrefix(room, "table/dynamo")
	switch {
	case !edge && (strings.HasPrefix(path, "github.com/aws/") || strings.HasPrefix(path, "accord/shared/aws")):
		return "only shared/aws, shared/table/dynamo, functions and cmd know AWS"
	case slices.Contains(engines, path) && top != "local" && top != "aws" && !strings.HasPrefix(room, "table/") && !strings.HasSuffix(room, "test"):
		return "an engine is chosen where a program is put together"
	case strings.HasPrefix(path, "accord/functions"), strings.HasPrefix(path, "accord/cmd"):
		return "programs import packages, not the other way round"
	}
	for _, w := range walls {
		if room == w.from && (path == w.to || strings.HasPrefix(path, w.to+"/")) {
			return w.why
		}
	}
	if strings.HasPrefix(room, "simulate/") {
		return worldly(room, path)
	}
	return foreign(room, top, path)
}

// worldly says why a world of simulated traffic may not import a path.
func worldly(room, path string) string {
	first, _, _ := strings.Cut(path, "/")
	standard := first != "accord" && !strings.Contains(first, ".")
	if standard || path == traffic || path == builtOn[room] {
		return ""
	}
	return "a world of simulated traffic knows package traffic and the standard library"
}

// foreign says why a module from outside may not be imported.
func foreign(room, top, path string) string {
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return ""
	}
	if slices.Contains(pure, top) {
		return "this package imports the standard library only"
	}
	allowed, listed := domain[top]
	if !listed || room != top {
		return ""
	}
	for _, a := range allowed {
		if path == a || strings.HasPrefix(path, a+"/") {
			return ""
		}
	}
	return "not among the modules this package may use; add it to the table with a reason, or do without"
}

// walk reads the imports of every file under root that is not a test.
func walk(t *testing.T, root string, f func(file, room string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, i := range parsed.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, p)
		}
		room, err := filepath.Rel(root, filepath.Dir(path))
		f(path, filepath.ToSlash(room), imports)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheTestBites: each kind of forbidden arrow is refused, and the ones the house needs are not.
func TestTheTestBites(t *testing.T) {
	for _, c := range []struct {
		room, path string
		ok         bool
	}{
		{"ledger", "github.com/aws/aws-sdk-go-v2/aws", false},
		{"aws/ses", "github.com/aws/aws-sdk-go-v2/aws", true},
		{"table/dynamo", "github.com/aws/aws-sdk-go-v2/service/dynamodb", true},
		{"table/bolt", "go.etcd.io/bbolt", true},
		{"ledger", "go.etcd.io/bbolt", false},
		{"ledger", "accord/shared/table/bolt", false},
		{"local", "accord/shared/table/bolt", true},
		{"ledger/ledgertest", "accord/shared/table/bolt", true},
		{"audit", "github.com/google/go-cmp/cmp", false},
		{"aup", "accord/shared/usage", false},
		{"metering", "accord/shared/ledger", false},
		{"judge", "accord/shared/ledger", true},
		{"web", "accord/functions/deliver", false},
		{"policydoc", "github.com/yuin/goldmark/ast", true},
		{"simulate", "accord/shared/backtest", true},
		{"simulate/atlas", "accord/shared/audit", false},
		{"simulate/atlas", "accord/shared/simulate", false},
		{"simulate/atlas", "accord/shared/simulate/register", false},
		{"simulate/atlas", "accord/shared/simulate/traffic", true},
		{"simulate/atlas", "math/rand/v2", true},
		{"simulate/atlas", "github.com/google/uuid", false},
		{"simulate/references", "accord/shared/simulate/places", true},
		{"simulate/traffic", "accord/shared/simulate/places", false},
	} {
		top, _, _ := strings.Cut(c.room, "/")
		if why := forbidden(c.room, top, c.path); (why == "") != c.ok {
			t.Errorf("%s importing %s: allowed %v (%s), want %v", c.room, c.path, why == "", why, c.ok)
		}
	}
}

// TestNoSharedDrawer: no package is a drawer for things without a home.
func TestNoSharedDrawer(t *testing.T) {
	drawers := []string{"util", "utils", "helper", "helpers", "model", "models", "service", "services", "common", "manager", "types"}
	walk(t, "../..", func(file, room string, _ []string) {
		for part := range strings.SplitSeq(room, "/") {
			if slices.Contains(drawers, part) {
				t.Errorf("%s: %q names no noun; give the code a home", file, part)
			}
		}
	})
}
