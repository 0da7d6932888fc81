package ses

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"accord/shared/delivery"
	"accord/shared/ledger"
)

// What became of a send that failed.
const (
	Throttled Kind = "throttled" // not sent: too many at once
	Quota     Kind = "quota"     // not sent: the day's quota is used up
	Held      Kind = "held"      // not sent: nothing is wrong with the email, but with the account or the deployment
	Rejected  Kind = "rejected"  // not sent, and never will be as it is
	Lost      Kind = "lost"      // unknown: it may have been sent
)

// Kind of a failed send.
type Kind string

// Error says why an email was not sent, or that this is not known. It keeps SES's code but not its words,
// which may repeat the address.
type Error struct {
	Kind Kind
	Code string // SES's name of the error, or ours
}

var (
	_ ledger.Reasoned = (*Error)(nil)
	_ ledger.Lasting  = (*Error)(nil)
)

func (e *Error) Error() string { return "SES: " + e.Reason() + " (" + e.Code + ")" }

// Reason is the sentence that is kept with the due.
func (e *Error) Reason() string {
	switch e.Kind {
	case Throttled:
		return "SES takes no more emails for now"
	case Quota:
		return "the account has sent as many emails as SES allows it in 24 hours: it goes on by itself, and SES can raise the quota"
	case Held:
		return "SES does not let this deployment send: look at the account's status, the sender's identity and the role's permissions"
	case Rejected:
		return "SES will not send this email as it is"
	default:
		return delivery.AnswerLost
	}
}

// RetryAfter is when to try again. After a lost answer that is late, since it may send a second email.
func (e *Error) RetryAfter() time.Duration {
	switch e.Kind {
	case Throttled:
		return time.Minute
	case Quota: // room comes back as the emails of the day before pass out of the 24 hours
		return time.Hour
	case Held:
		return 10 * time.Minute
	case Rejected:
		return 24 * time.Hour
	default:
		return 15 * time.Minute
	}
}

// kinds are the errors that SES documents.
var kinds = map[string]Kind{
	"TooManyRequestsException":           Throttled,
	"LimitExceededException":             Quota,
	"ThrottlingException":                Throttled,
	"Throttling":                         Throttled,
	"AccountSuspendedException":          Held,
	"SendingPausedException":             Held,
	"MailFromDomainNotVerifiedException": Held,
	"NotFoundException":                  Held, // the configuration set
	"MessageRejected":                    Rejected,
	"BadRequestException":                Rejected,
}

func classify(err error) *Error {
	var api smithy.APIError
	if errors.As(err, &api) {
		return &Error{Kind: kindOf(err, api), Code: api.ErrorCode()}
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return &Error{Kind: Held, Code: "NoConnection"}
	}
	if strings.Contains(err.Error(), "get identity") { // the request was never signed, so never made
		return &Error{Kind: Held, Code: "NoCredentials"}
	}
	return &Error{Kind: Lost, Code: "NoAnswer"}
}

// kindOf reads an error answer. One that says that SES itself failed leaves open what became of the email; an
// unverified address is the sandbox's, or the deployment's, not the email's.
func kindOf(err error, api smithy.APIError) Kind {
	words := strings.ToLower(api.ErrorMessage())
	status := 0
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) {
		status = answer.HTTPStatusCode()
	}
	kind, known := kinds[api.ErrorCode()]
	switch {
	case strings.Contains(words, "quota exceeded"):
		return Quota
	case strings.Contains(words, "sending rate exceeded"):
		return Throttled
	case kind == Rejected && strings.Contains(words, "not verified"):
		return Held
	case known:
		return kind
	case status == http.StatusTooManyRequests:
		return Throttled
	case status >= http.StatusBadRequest && status < http.StatusInternalServerError:
		return Held
	}
	return Lost
}
