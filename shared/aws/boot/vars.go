package boot

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"accord/shared/assess"
	"accord/shared/metering"
)

// Var is the name of an environment variable.
type Var string

// The variables that template.yaml sets.
const (
	LedgerTable      Var = "LEDGER_TABLE"
	UsageTable       Var = "USAGE_TABLE"
	Mode             Var = "MODE"
	ApprovalsNeeded  Var = "APPROVALS_NEEDED"
	WindowParts      Var = "WINDOW_PARTS"
	AccessLog        Var = "ACCESS_LOG"
	UsagePlans       Var = "USAGE_PLANS"
	SlowPlan         Var = "SLOW_PLAN"
	DefaultPolicy    Var = "DEFAULT_POLICY"
	BaseURL          Var = "BASE_URL"
	ProviderName     Var = "PROVIDER_NAME"
	ProviderPhone    Var = "PROVIDER_PHONE"
	MailFrom         Var = "MAIL_FROM"
	MailReplyTo      Var = "MAIL_REPLY_TO"
	AdminEmail       Var = "ADMIN_EMAIL"
	OutOfHoursEmail  Var = "OUT_OF_HOURS_EMAIL"
	ConfigurationSet Var = "CONFIGURATION_SET"
	DigestAt         Var = "DIGEST_AT"
	RetentionDays    Var = "RETENTION_DAYS"
	QueueDistribute  Var = "QUEUE_DISTRIBUTE"
	QueueMailUrgent  Var = "QUEUE_MAIL_URGENT"
	QueueMailBulk    Var = "QUEUE_MAIL_BULK"
	QueueKeys        Var = "QUEUE_KEYS"
	QueueAudits      Var = "QUEUE_AUDITS"
)

// setting is one variable: what it is, for the person who has to set it, and how its value is taken.
type setting struct {
	name Var
	is   string
	set  func(c *Config, value string) error
}

var settings = []setting{
	{LedgerTable, "the name of the ledger table", text(func(c *Config) *string { return &c.LedgerTable })},
	{UsageTable, "the name of the usage table", text(func(c *Config) *string { return &c.UsageTable })},
	{Mode, "what the deployment may do by itself", setMode},
	{ApprovalsNeeded, "how many people approve a held suspension, 1 to 10",
		number(func(c *Config) *int { return &c.ApprovalsNeeded }, 10)},
	{WindowParts, "how many parts a window has, such as 1, or 1, 4 from 2027-02-01T00:00Z", setParts},
	{AccessLog, "on, or off where no access log is read and GetUsage alone tells of usage", setAccessLog},
	{UsagePlans, "ids of usage plans with commas between them, or unset for all of them", setPlans},
	{SlowPlan, "the id of the usage plan that keys are in while people decide about a suspension, or unset for none", setSlowPlan},
	{DefaultPolicy, "the id of the policy that new keys are issued", text(func(c *Config) *string { return &c.DefaultPolicy })},
	{BaseURL, "where the pages are, such as https://aup.example.org", setBaseURL},
	{ProviderName, "who writes the emails", text(func(c *Config) *string { return &c.ProviderName })},
	{ProviderPhone, "a telephone number for consumers", text(func(c *Config) *string { return &c.Phone })},
	{MailFrom, "an address of the verified SES identity", address(func(c *Config) *string { return &c.MailFrom })},
	{MailReplyTo, "the address that answers go to", address(func(c *Config) *string { return &c.MailReplyTo })},
	{AdminEmail, "the address of the provider's own people", address(func(c *Config) *string { return &c.AdminEmail })},
	{OutOfHoursEmail, "the address of whom they can reach out of hours", address(func(c *Config) *string { return &c.OutOfHoursEmail })},
	{ConfigurationSet, "the name of the SES configuration set", text(func(c *Config) *string { return &c.ConfigurationSet })},
	{DigestAt, "when the admins' digest is made, such as 06:00 (UTC)", setDigestAt},
	{RetentionDays, "for how many days personal data is kept, 1 to 36500", setRetention},
	{QueueDistribute, "the URL of the distribution queue", link(func(c *Config) *string { return &c.Queues.Distribute })},
	{QueueMailUrgent, "the URL of the queue of urgent mail", link(func(c *Config) *string { return &c.Queues.MailUrgent })},
	{QueueMailBulk, "the URL of the queue of bulk mail", link(func(c *Config) *string { return &c.Queues.MailBulk })},
	{QueueKeys, "the URL of the queue of keys", link(func(c *Config) *string { return &c.Queues.Keys })},
	{QueueAudits, "the URL of the queue of audits", link(func(c *Config) *string { return &c.Queues.Audits })},
}

func text(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, value string) error {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return errors.New("has a control character, such as a line break")
		}
		*field(c) = value
		return nil
	}
}

func number(field func(*Config) *int, most int) func(*Config, string) error {
	return func(c *Config, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > most {
			return fmt.Errorf("%q is not a whole number from 1 to %d", value, most)
		}
		*field(c) = n
		return nil
	}
}

// address takes care not to repeat the value: addresses do not belong in logs.
func address(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, value string) error {
		if a, err := mail.ParseAddress(value); err != nil || a.Address != value {
			return errors.New("not an address such as name@example.org")
		}
		*field(c) = value
		return nil
	}
}

func link(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, value string) error {
		if !absolute(value) {
			return fmt.Errorf("%q is not a URL", value)
		}
		*field(c) = value
		return nil
	}
}

func setBaseURL(c *Config, value string) error {
	if u, err := url.Parse(value); !absolute(value) || err != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q is not a URL that paths can be added to", value)
	}
	c.BaseURL = strings.TrimRight(value, "/")
	return nil
}

func setMode(c *Config, value string) (err error) {
	c.Mode, err = assess.ParseMode(value)
	return err
}

func setAccessLog(c *Config, value string) error {
	if value != "on" && value != "off" {
		return fmt.Errorf("%q is neither on nor off", value)
	}
	c.Unlogged = value == "off"
	return nil
}

func setParts(c *Config, value string) (err error) {
	c.WindowParts, err = metering.ParseParts(value)
	return err
}

func setDigestAt(c *Config, value string) error {
	at, err := time.Parse("15:04", value)
	if err != nil {
		return fmt.Errorf("%q is not a time of day such as 06:00", value)
	}
	c.DigestAt = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return nil
}

func setPlans(c *Config, value string) error {
	for id := range strings.SplitSeq(value, ",") {
		if id = strings.TrimSpace(id); !planID(id) {
			return fmt.Errorf("%q is not the id of a usage plan", id)
		}
		c.UsagePlans = append(c.UsagePlans, id)
	}
	return nil
}

func setSlowPlan(c *Config, value string) error {
	if !planID(value) {
		return fmt.Errorf("%q is not the id of a usage plan", value)
	}
	c.SlowPlan = value
	return nil
}

func planID(s string) bool {
	return 0 < len(s) && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func setRetention(c *Config, value string) error {
	var days int
	if err := number(func(*Config) *int { return &days }, 36500)(c, value); err != nil {
		return err
	}
	c.Retention = time.Duration(days) * 24 * time.Hour
	return nil
}
