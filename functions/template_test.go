package functions_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accord/shared/needtest"

	"go.yaml.in/yaml/v3"
)

// sam is where .ci/tools puts the SAM CLI. Without it the tests that need it are skipped, unless
// ACCORD_REQUIRE=all.
func sam(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", ".tools", "sam", "bin", name))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		needtest.Missing(t, name+": run .ci/tools sam")
	}
	return path
}

// run runs a tool in the project's root, with nothing of the caller's AWS settings.
func run(t *testing.T, tool string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), tool, args...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "AWS_DEFAULT_REGION=eu-west-2", "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none",
		"SAM_CLI_TELEMETRY=0", "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false -tags=lambda.norpc '-ldflags=-s -w'")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(tool), strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestTemplateIsValid(t *testing.T) {
	t.Log(run(t, sam(t, "sam"), "validate", "--lint", "--template", "template.yaml"))
	if out := run(t, sam(t, "cfn-lint"), "template.yaml"); strings.TrimSpace(out) != "" {
		t.Errorf("cfn-lint says:\n%s", out)
	}
}

// resourcesOf are the resources of a template in the project.
func resourcesOf(t *testing.T, name string) *yaml.Node {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	return field(doc.Content[0], "Resources")
}

// TestTheDashboard: what CloudWatch is to draw is JSON, and every function, queue and log it names is in the template.
func TestTheDashboard(t *testing.T) {
	resources := resourcesOf(t, "template.yaml")
	body := field(field(field(resources, "Dashboard"), "Properties"), "DashboardBody").Value
	var page struct {
		Widgets []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Widgets) == 0 {
		t.Fatalf("%d widgets, %v", len(page.Widgets), err)
	}
	for _, named := range regexp.MustCompile(`\$\{(\w+)`).FindAllStringSubmatch(body, -1) {
		if named[1] != "AWS" && field(resources, named[1]) == nil {
			t.Errorf("it names %s, which the template does not have", named[1])
		}
	}
	if !strings.Contains(body, "message = 'swept'") {
		t.Error("what the sweeper logs is not asked for: see functions/sweep")
	}
}

// TestTheSampleGatewayResponse: docs/gateway-response.yaml can be deployed, and what it answers is JSON that says
// where help is.
func TestTheSampleGatewayResponse(t *testing.T) {
	resources := resourcesOf(t, "docs/gateway-response.yaml")
	for i := 1; i < len(resources.Content); i += 2 {
		answer := field(field(field(resources.Content[i], "Properties"), "ResponseTemplates"), "application/json")
		var said struct{ Message, Help, Contact, RequestID string }
		if err := json.Unmarshal([]byte(answer.Value), &said); err != nil || said.Message == "" || said.Help != "${Help}" || said.Contact != "${Contact}" {
			t.Errorf("%s answers %+v (%v)", resources.Content[i-1].Value, said, err)
		}
	}
	if out := run(t, sam(t, "cfn-lint"), "docs/gateway-response.yaml"); strings.TrimSpace(out) != "" {
		t.Errorf("cfn-lint says:\n%s", out)
	}
}

// TestEveryFunctionBuilds: the SAM CLI builds a bootstrap for every function of the template.
func TestEveryFunctionBuilds(t *testing.T) {
	tool := sam(t, "sam")
	dir := t.TempDir()
	run(t, tool, "build", "--no-cached", "--parallel", "--build-dir", dir, "--template", "template.yaml")
	for _, f := range templateFunctions(t) {
		if _, err := os.Stat(filepath.Join(dir, f.id, "bootstrap")); err != nil {
			t.Error(err)
		}
	}
}

type function struct{ id, folder string }

// templateFunctions lists the functions of the template, in its order.
func templateFunctions(t *testing.T) (all []function) {
	t.Helper()
	resources := resourcesOf(t, "template.yaml")
	for i := 0; i+1 < len(resources.Content); i += 2 {
		r := resources.Content[i+1]
		if kind := field(r, "Type"); kind == nil || kind.Value != "AWS::Serverless::Function" {
			continue
		}
		uri := field(field(r, "Properties"), "CodeUri")
		if uri == nil {
			t.Fatalf("%s has no CodeUri", resources.Content[i].Value)
		}
		all = append(all, function{resources.Content[i].Value, strings.Trim(strings.TrimPrefix(uri.Value, "functions/"), "/")})
	}
	return all
}

func field(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// TestTheTemplateHasEveryFunction: one block for each folder, of the same name, in the order of the design.
func TestTheTemplateHasEveryFunction(t *testing.T) {
	want := []string{"publish-policy", "manage-consumer", "decide-case", "audit-usage", "collect-usage", "onboard-consumer",
		"dispatch", "distribute", "deliver", "record-delivery", "enforce", "consumer-pages", "ingest-logs", "sweep"}
	var got []string
	for _, f := range templateFunctions(t) {
		got = append(got, f.folder)
		if kebab(f.id) != f.folder {
			t.Errorf("%s is built from functions/%s", f.id, f.folder)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the template has %v, want %v", got, want)
	}
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) != len(want) {
		t.Errorf("%d folders (%v), %d functions", len(mains), err, len(want))
	}
	for _, main := range mains {
		b, err := os.ReadFile(main)
		if lines := strings.Count(string(b), "\n"); err != nil || lines > 40 {
			t.Errorf("%s has %d lines, more than 40 (%v)", main, lines, err)
		}
	}
}

var capital = regexp.MustCompile(`(.)([A-Z])`)

func kebab(id string) string { return strings.ToLower(capital.ReplaceAllString(id, "$1-$2")) }

// TestSamconfigBuildsAfresh: a cached build does not see changes in shared/.
// https://github.com/aws/aws-sam-cli/issues/7960
func TestSamconfigBuildsAfresh(t *testing.T) {
	b, err := os.ReadFile("../samconfig.toml")
	if err != nil || !strings.Contains(string(b), "cached = false") || strings.Contains(string(b), "cached = true") {
		t.Errorf("samconfig.toml must say cached = false (%v)", err)
	}
}
