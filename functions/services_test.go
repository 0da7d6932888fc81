package functions_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"
)

// The services beside DynamoDB that functions call, and what a request of each comes to for IAM: an action and the
// resource that it touches, as the ends of ARNs in template.yaml have it.
var services = []struct {
	variable string
	asks     func(r *http.Request, body []byte) (action, resource string)
}{
	{"AWS_ENDPOINT_URL_API_GATEWAY", func(r *http.Request, _ []byte) (string, string) {
		return "apigateway:" + r.Method, "arn:${AWS::Partition}:apigateway:${AWS::Region}::" + r.URL.Path
	}},
	{"AWS_ENDPOINT_URL_SQS", func(r *http.Request, body []byte) (string, string) {
		var in struct {
			QueueURL string `json:"QueueUrl"`
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return "sqs:" + err.Error(), ""
		}
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		return "sqs:" + strings.TrimSuffix(operation, "Batch"), camel(path.Base(in.QueueURL)) + "Queue"
	}},
	{"AWS_ENDPOINT_URL_SESV2", func(r *http.Request, _ []byte) (string, string) {
		action := map[string]string{"/v2/email/outbound-emails": "ses:SendEmail", "/v2/email/account": "ses:GetAccount"}[r.URL.Path]
		return action, "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}"
	}},
}

// camel is a name with hyphens as a logical id has it.
func camel(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// permits says whether the role lets an action touch a resource of a service other than DynamoDB.
func (r rights) permits(action, resource string) bool {
	for _, s := range r.statements {
		for _, a := range s.actions {
			for _, pattern := range s.resources {
				if a == action && like(pattern, resource) {
					return true
				}
			}
		}
	}
	return false
}

// like matches as IAM does: * stands for anything, slashes included.
func like(pattern, resource string) bool {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$").MatchString(resource)
}

// newServiceGate is a function's way to a service: it lets through what the function's role allows.
func newServiceGate(t *testing.T, function, endpoint string, r rights, asks func(*http.Request, []byte) (string, string)) *gate {
	t.Helper()
	return openGate(t, function, endpoint, func(req *http.Request, body []byte) string {
		if action, resource := asks(req, body); !r.permits(action, resource) {
			return fmt.Sprintf("%s on %s", action, resource)
		}
		return ""
	})
}

// TestTheServiceGateBites: what a role does not name is refused, of other services as well.
func TestTheServiceGateBites(t *testing.T) {
	enforce := rightsOf(t, "enforce")
	const gateway = "arn:${AWS::Partition}:apigateway:${AWS::Region}::"
	for _, c := range []struct {
		says             string
		action, resource string
		want             bool
	}{
		{"a key is switched", "apigateway:PATCH", gateway + "/apikeys/k1", true},
		{"and not deleted", "apigateway:DELETE", gateway + "/apikeys/k1", false},
		{"a key is put into a plan", "apigateway:POST", gateway + "/usageplans/p1/keys", true},
		{"no plan is made", "apigateway:POST", gateway + "/usageplans", false},
		{"a key is taken out of a plan", "apigateway:DELETE", gateway + "/usageplans/p1/keys/k1", true},
		{"no plan is deleted", "apigateway:DELETE", gateway + "/usageplans/p1", false},
		{"nor changed", "apigateway:PATCH", gateway + "/usageplans/p1", false},
		{"no mail is sent", "ses:SendEmail", "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}", false},
	} {
		if got := enforce.permits(c.action, c.resource); got != c.want {
			t.Errorf("%s: allowed %t", c.says, got)
		}
	}
}
