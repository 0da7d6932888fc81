// Package boot turns a Lambda function's environment into a checked configuration.
//
// A configuration is the deployment's parameters as template.yaml hands them to a function, in environment
// variables. It is read once, in main, and names every mistake at once, by variable and with what to set.
// The AWS configuration in it is put together by hand from the variables that Lambda itself sets, because
// loading the shared configuration files, profiles and instance roles costs a cold start time and finds
// nothing in Lambda. Endpoints follow the SDK's standard variables, AWS_ENDPOINT_URL and its forms for one
// service. The mains of functions/ call Read, hand Config.AWS to the adapters beside this package, and
// start their handler.
package boot

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accord/shared/assess"
	"accord/shared/metering"
)

// Config is a function's configuration. A field is empty, or its default, when the function does not need it.
type Config struct {
	AWS aws.Config

	LedgerTable string // name of the table of record
	UsageTable  string // name of the table of what is measured

	Mode            assess.Mode    // what the deployment may do by itself
	ApprovalsNeeded int            // people who must approve a held suspension
	Retention       time.Duration  // of personal data; 0: for ever
	WindowParts     metering.Parts // parts a window is split into: one fold worker each
	Unlogged        bool           // no access log is read
	UsagePlans      []string
	SlowPlan        string
	DefaultPolicy   string // what a consumer is issued whom onboard-consumer registers

	BaseURL      string // where the pages are, without a slash at the end; empty: as the request says
	ProviderName string // who writes the emails
	Phone        string // to reach the provider when access has been suspended; may be empty

	MailFrom         string // an address of the verified SES identity
	MailReplyTo      string // where answers go; MailFrom when empty
	AdminEmail       string // the provider's own people
	OutOfHoursEmail  string // whom they can reach out of hours; empty: nobody
	ConfigurationSet string // of SES; its events come back to record-delivery

	DigestAt time.Duration // after midnight, UTC: when the admins' digest is made

	Queues Queues
}

// Queues are the URLs of the queues.
type Queues struct {
	Distribute string // versions to be issued, one directory shard a message
	MailUrgent string // emails that never wait behind a campaign
	MailBulk   string // the others
	Keys       string // API keys to be made as the standing says
	Audits     string // audits asked for
}

// Read reads and checks the environment that get gives; os.Getenv in a function. The variables in need must
// be set; the others may be, and are checked when they are.
func Read(get func(string) string, need ...Var) (Config, error) {
	c := Config{Mode: assess.ModeObserve, ApprovalsNeeded: 2, WindowParts: metering.Parts{{Number: 1}}}
	needed := map[Var]bool{}
	for _, v := range need {
		needed[v] = true
	}
	var errs []error
	for _, s := range settings {
		switch value := get(string(s.name)); {
		case value != "":
			if err := s.set(&c, value); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w; it is %s", s.name, err, s.is))
			}
		case needed[s.name]:
			errs = append(errs, fmt.Errorf("%s is not set; it is %s", s.name, s.is))
		}
		delete(needed, s.name)
	}
	for v := range needed {
		errs = append(errs, fmt.Errorf("%s is not a variable this program reads", v))
	}
	var err error
	if c.AWS, err = awsConfig(get); err != nil {
		errs = append(errs, err)
	}
	return c, errors.Join(errs...)
}

// Must is Read of the function's environment. A function that is configured wrongly says why and ends, so
// that Lambda reports the deployment as broken and nothing is done by halves.
func Must(need ...Var) Config {
	c, err := Read(os.Getenv, need...)
	if err != nil {
		Log().Error("this function is not configured: " + err.Error())
		os.Exit(1)
	}
	return c
}
