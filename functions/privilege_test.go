package functions_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"
)

// IAM cannot be tried on this machine. So each function reaches DynamoDB, and the other services, through gates that let
// through what the function's role in template.yaml allows, and has only the environment that the template gives it.

// statement is one of a role's.
type statement struct {
	actions   []string // "dynamodb:GetItem"
	resources []string // logical ids, such as "Ledger", or patterns of ARNs as the template has them
	leading   []string // patterns of partition keys; none: any
}

// rights are what template.yaml gives one function.
type rights struct {
	variables  []string
	statements []statement
}

// rightsOf reads them from the template.
func rightsOf(t *testing.T, folder string) rights {
	t.Helper()
	resources := resourcesOf(t, "template.yaml")
	for _, f := range templateFunctions(t) {
		if f.folder != folder {
			continue
		}
		var r rights
		vars := field(field(field(field(resources, f.id), "Properties"), "Environment"), "Variables")
		for i := 0; vars != nil && i < len(vars.Content); i += 2 {
			r.variables = append(r.variables, vars.Content[i].Value)
		}
		policies := field(field(field(resources, f.id+"Role"), "Properties"), "Policies")
		for _, p := range policies.Content {
			for _, s := range field(field(p, "PolicyDocument"), "Statement").Content {
				r.statements = append(r.statements, statementOf(s))
			}
		}
		return r
	}
	t.Fatalf("the template has no function of folder %s", folder)
	return rights{}
}

func statementOf(n *yaml.Node) (s statement) {
	if n.Kind == yaml.SequenceNode { // !If: the condition, and what it adds
		n = n.Content[1]
	}
	s.actions = values(field(n, "Action"))
	for _, r := range values(field(n, "Resource")) {
		s.resources = append(s.resources, strings.TrimSuffix(r, ".Arn"))
	}
	s.leading = values(field(field(field(n, "Condition"), "ForAllValues:StringLike"), "dynamodb:LeadingKeys"))
	return s
}

func values(n *yaml.Node) []string {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode:
		return []string{n.Value}
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, c.Value)
	}
	return all
}

// allow says whether the role lets an action touch a partition of a table.
func (r rights) allow(action, table, partition string) bool {
	return slices.ContainsFunc(r.statements, func(s statement) bool {
		return slices.Contains(s.actions, "dynamodb:"+action) && slices.Contains(s.resources, table) &&
			(len(s.leading) == 0 || slices.ContainsFunc(s.leading, func(pattern string) bool {
				ok, err := path.Match(pattern, strings.ReplaceAll(partition, "/", "|"))
				return ok && err == nil
			}))
	})
}

// gate is a function's way to DynamoDB.
type gate struct {
	*httptest.Server
	t        *testing.T
	function string
	rights   rights
	tables   map[string]string // name -> logical id
	mu       sync.Mutex
	refused  map[string]bool
}

func newGate(t *testing.T, function, endpoint string, r rights, tables map[string]string) *gate {
	t.Helper()
	dynamo := &gate{rights: r, tables: tables}
	return openGate(t, function, endpoint, func(req *http.Request, body []byte) string {
		return dynamo.forbids(req.Header.Get("X-Amz-Target"), body)
	})
}

// openGate is a way to a service that lets through all of which forbids says nothing.
func openGate(t *testing.T, function, endpoint string, forbids func(*http.Request, []byte) string) *gate {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{t: t, function: function, refused: map[string]bool{}}
	proxy := httputil.NewSingleHostReverseProxy(to)
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		if why := forbids(req, body); why != "" {
			g.refuse(w, why)
			return
		}
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		req.Host = to.Host
		proxy.ServeHTTP(w, req)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gate) refuse(w http.ResponseWriter, why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.refused[why] {
		g.t.Errorf("%sRole does not allow %s", g.function, why)
	}
	g.refused[why] = true
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"__type":"com.amazon.coral.service#AccessDeniedException","Message":%q}`, why)
}

type attribute struct{ S string }

// asked is the part of DynamoDB's requests that says what they touch.
type asked struct {
	TableName                 string
	Item, Key                 map[string]attribute
	ExpressionAttributeValues map[string]attribute
	TransactItems             []map[string]asked
	RequestItems              map[string][]map[string]asked
}

// forbids says what of a request the role does not allow.
func (g *gate) forbids(target string, body []byte) string {
	_, operation, _ := strings.Cut(target, ".")
	var a asked
	if err := json.Unmarshal(body, &a); err != nil {
		return operation + ", which cannot be read: " + err.Error()
	}
	check := func(action, name, partition string) string {
		if g.rights.allow(action, g.tables[name], partition) {
			return ""
		}
		prefix, _, _ := strings.Cut(partition, "#")
		return fmt.Sprintf("dynamodb:%s of %s on %s", action, prefix, g.tables[name])
	}
	switch operation {
	case "TransactWriteItems":
		for _, item := range a.TransactItems {
			for kind, one := range item {
				action := map[string]string{"Put": "PutItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}[kind]
				if why := check(action, one.TableName, one.partition()); why != "" {
					return why
				}
			}
		}
		return ""
	case "BatchWriteItem":
		for name, requests := range a.RequestItems {
			for _, item := range requests {
				for _, one := range item {
					if why := check("BatchWriteItem", name, one.partition()); why != "" {
						return why
					}
				}
			}
		}
		return ""
	}
	return check(operation, a.TableName, a.partition())
}

func (a asked) partition() string {
	switch {
	case a.Item != nil:
		return a.Item["pk"].S
	case a.Key != nil:
		return a.Key["pk"].S
	}
	return a.ExpressionAttributeValues[":pk"].S
}

// TestTheGateBites: what a role does not name is refused.
func TestTheGateBites(t *testing.T) {
	r := rightsOf(t, "consumer-pages")
	for _, c := range []struct {
		says                     string
		action, table, partition string
		want                     bool
	}{
		{"the pages read a consumer", "GetItem", "Ledger", "consumer#city-guide", true},
		{"not the guard", "GetItem", "Ledger", "guard", false},
		{"nor do they write a policy", "PutItem", "Ledger", "policy#places-api", false},
		{"nor remove history", "DeleteItem", "Ledger", "consumer#city-guide", false},
		{"they read a key's usage", "Query", "Usage", "key#k1", true},
		{"not a window of everybody's", "Query", "Usage", "window#2027", false},
	} {
		if got := r.allow(c.action, c.table, c.partition); got != c.want {
			t.Errorf("%s: allowed %t", c.says, got)
		}
	}
}
