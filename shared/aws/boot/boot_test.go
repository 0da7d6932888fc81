package boot

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accord/shared/assess"
	"accord/shared/metering"
)

// complete is an environment in which everything is set and right.
func complete() map[string]string {
	return map[string]string{
		"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"LEDGER_TABLE": "accord-ledger", "USAGE_TABLE": "accord-usage", "DEFAULT_POLICY": "places-api",
		"MODE": "enforce", "APPROVALS_NEEDED": "3", "WINDOW_PARTS": "4", "ACCESS_LOG": "off", "USAGE_PLANS": "abc123, def456", "SLOW_PLAN": "slow01",
		"BASE_URL": "https://aup.example.org/", "PROVIDER_NAME": "Places", "PROVIDER_PHONE": "+44 20 7946 0000",
		"MAIL_FROM": "aup@example.org", "MAIL_REPLY_TO": "help@example.org", "ADMIN_EMAIL": "team@example.org", "OUT_OF_HOURS_EMAIL": "duty@example.org",
		"CONFIGURATION_SET": "accord", "DIGEST_AT": "06:30", "RETENTION_DAYS": "1", "QUEUE_DISTRIBUTE": "https://sqs.example/1/distribute",
		"QUEUE_MAIL_URGENT": "https://sqs.example/1/urgent", "QUEUE_MAIL_BULK": "https://sqs.example/1/bulk",
		"QUEUE_KEYS": "https://sqs.example/1/keys", "QUEUE_AUDITS": "https://sqs.example/1/audits",
	}
}

func read(env map[string]string, need ...Var) (Config, error) {
	return Read(func(k string) string { return env[k] }, need...)
}

func TestEverythingSetIsRead(t *testing.T) {
	var all []Var
	for _, s := range settings {
		all = append(all, s.name)
	}
	got, err := read(complete(), all...)
	if err != nil {
		t.Fatal(err)
	}
	region := got.AWS.Region
	got.AWS = Config{}.AWS
	want := Config{
		LedgerTable: "accord-ledger", UsageTable: "accord-usage", DefaultPolicy: "places-api",
		Mode: assess.ModeEnforce, ApprovalsNeeded: 3, WindowParts: metering.Parts{{Number: 4}}, Unlogged: true, UsagePlans: []string{"abc123", "def456"}, SlowPlan: "slow01",
		BaseURL: "https://aup.example.org", ProviderName: "Places", Phone: "+44 20 7946 0000",
		MailFrom: "aup@example.org", MailReplyTo: "help@example.org", AdminEmail: "team@example.org", OutOfHoursEmail: "duty@example.org",
		ConfigurationSet: "accord", DigestAt: 6*time.Hour + 30*time.Minute, Retention: 24 * time.Hour,
		Queues: Queues{Distribute: "https://sqs.example/1/distribute", MailUrgent: "https://sqs.example/1/urgent",
			MailBulk: "https://sqs.example/1/bulk", Keys: "https://sqs.example/1/keys", Audits: "https://sqs.example/1/audits"},
	}
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "AWS" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	if region != "eu-west-2" {
		t.Errorf("region = %q", region)
	}
}

func TestWhatIsNotSetHasItsDefault(t *testing.T) {
	got, err := read(map[string]string{"AWS_REGION": "eu-west-2"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Mode != assess.ModeObserve || len(got.WindowParts) != 1 || got.WindowParts[0].Number != 1 || got.ApprovalsNeeded != 2 || got.Unlogged {
		t.Errorf("mode %q, parts %v, approvals %d; a new deployment only observes", got.Mode, got.WindowParts, got.ApprovalsNeeded)
	}
}

func TestMistakesNameTheVariableAndWhatToSet(t *testing.T) {
	for _, tc := range []struct{ what, name, value, says string }{
		{"a table that is needed is missing", "LEDGER_TABLE", "", "LEDGER_TABLE is not set; it is the name of the ledger table"},
		{"a mode that does not exist", "MODE", "Enforce", `MODE: mode "Enforce": use observe, warn or enforce; it is what the deployment may do by itself`},
		{"no parts at all", "WINDOW_PARTS", "0", "WINDOW_PARTS: \"0\" is not a whole number from 1 to 64"},
		{"a log that may be there", "ACCESS_LOG", "maybe", `ACCESS_LOG: "maybe" is neither on nor off`},
		{"approvals in words", "APPROVALS_NEEDED", "two", "APPROVALS_NEEDED: \"two\" is not a whole number"},
		{"a base that is a path", "BASE_URL", "/aup", "BASE_URL: \"/aup\" is not a URL"},
		{"a base with a query", "BASE_URL", "https://a.example/?x=1", "is not a URL that paths can be added to"},
		{"an address with a name", "MAIL_FROM", "Jo <jo@example.org>", "MAIL_FROM: not an address"},
		{"a name with a line break", "PROVIDER_NAME", "Places\r\nBcc: x", "PROVIDER_NAME: has a control character"},
		{"a queue by name", "QUEUE_KEYS", "keys", "QUEUE_KEYS: \"keys\" is not a URL"},
		{"a slow plan by name", "SLOW_PLAN", "Slow plan", `"Slow plan" is not the id of a usage plan`},
		{"a plan by name", "USAGE_PLANS", "abc123,Gold plan", `"Gold plan" is not the id of a usage plan`},
		{"no region", "AWS_REGION", "", "AWS_REGION is not set"},
		{"an endpoint without a scheme", "AWS_ENDPOINT_URL_SQS", "localhost:1", "AWS_ENDPOINT_URL_SQS: \"localhost:1\" is not a URL"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			env := complete()
			env[tc.name] = tc.value
			_, err := read(env, LedgerTable)
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Fatalf("got %v, want it to say %s", err, tc.says)
			}
			if strings.Contains(err.Error(), "jo@example.org") {
				t.Error("the message repeats an address")
			}
		})
	}
}

func TestAllMistakesAreNamedAtOnce(t *testing.T) {
	_, err := read(nil, LedgerTable, MailFrom, "TYPO")
	for _, name := range []string{"LEDGER_TABLE", "MAIL_FROM", "AWS_REGION", "TYPO"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestCredentialsAreTheRoles(t *testing.T) {
	c, err := read(complete())
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.AWS.Credentials.Retrieve(context.Background())
	if err != nil || got.AccessKeyID != "AKID" || got.SecretAccessKey != "secret" || got.SessionToken != "token" {
		t.Errorf("%v, %v", got.AccessKeyID, err)
	}
	env := complete()
	delete(env, "AWS_SECRET_ACCESS_KEY")
	c, _ = read(env)
	if _, err := c.AWS.Credentials.Retrieve(context.Background()); err == nil {
		t.Error("half of the credentials are taken for all of them")
	}
}
