package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"accord/shared/table"
)

// fake answers requests in turn, the last answer again and again; an empty answer is a lost one.
type fake struct {
	answers []string
	sent    []request
	pauses  int
}

type request struct {
	ClientRequestToken string
	RequestItems       map[string][]struct {
		PutRequest struct {
			Item struct{ SK struct{ S string } }
		}
	}
}

func (f *fake) Do(r *http.Request) (*http.Response, error) {
	var sent request
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		return nil, err
	}
	answer := f.answers[min(len(f.sent), len(f.answers)-1)]
	f.sent = append(f.sent, sent)
	if answer == "" {
		return nil, errors.New("connection reset by peer")
	}
	status := http.StatusOK
	if strings.Contains(answer, "__type") {
		status = http.StatusBadRequest
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(answer)), Header: http.Header{}}, nil
}

func (f *fake) table() *Table {
	t := New(dynamodb.New(dynamodb.Options{
		Region: "eu-west-2", HTTPClient: f,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "fake", SecretAccessKey: "fake"}, nil
		}),
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		}),
	}), "ledger")
	t.pause = func(ctx context.Context, _ int) error {
		f.pauses++
		return ctx.Err()
	}
	return t
}

func exception(name, more string) string {
	return fmt.Sprintf(`{"__type": "com.amazonaws.dynamodb.v20120810#%s", "message": "no"%s}`, name, more)
}

func canceled(codes ...string) string {
	var reasons []string
	for _, c := range codes {
		reasons = append(reasons, fmt.Sprintf(`{"Code": %q}`, c))
	}
	return exception("TransactionCanceledException", `, "CancellationReasons": [`+strings.Join(reasons, ",")+`]`)
}

func puts(n int) (ops []table.Op) {
	for i := range n {
		ops = append(ops, table.Put(table.Item{Key: table.Key{PK: "p", SK: fmt.Sprintf("%03d", i)}}, table.Absent))
	}
	return ops
}

func TestRefusals(t *testing.T) {
	const otherError = -1
	for _, c := range []struct {
		rule     string
		ops      int
		answers  []string
		conflict bool
		index    int // of the ConditionError, when it is no conflict; or otherError
	}{
		{"a put whose condition does not hold", 1, []string{exception("ConditionalCheckFailedException", "")}, false, 0},
		{"a put that meets a transaction is a conflict", 1, []string{exception("TransactionConflictException", "")}, true, 0},
		{"the first of a transaction's conditions that do not hold is named", 3,
			[]string{canceled("None", "ConditionalCheckFailed", "ConditionalCheckFailed")}, false, 1},
		{"a transaction that meets another is a conflict", 2, []string{canceled("None", "TransactionConflict")}, true, 0},
		{"a conflict goes before a condition, which may not be the first that does not hold", 2,
			[]string{canceled("ConditionalCheckFailed", "TransactionConflict")}, true, 0},
		{"a conflict goes before throttling", 2, []string{canceled("ThrottlingError", "TransactionConflict")}, true, 0},
		{"any other reason is another error", 2, []string{canceled("None", "ValidationError")}, false, otherError},
		{"more reasons than operations are another error", 2, []string{canceled("None", "None", "ConditionalCheckFailed")}, false, otherError},
		{"a throttled transaction is tried again and then has its own answer", 2,
			[]string{canceled("ThrottlingError", "None"), canceled("None", "ProvisionedThroughputExceeded"), canceled("None", "ConditionalCheckFailed")}, false, 1},
		{"a condition that may hide behind throttling is not reported", 2, []string{canceled("ThrottlingError", "ConditionalCheckFailed")}, false, otherError},
		{"a put sent again after a lost answer is not told what may be its own doing", 1,
			[]string{"", exception("ConditionalCheckFailedException", "")}, false, otherError},
		{"a put sent again after it was throttled was not done the first time", 1,
			[]string{exception("ProvisionedThroughputExceededException", ""), exception("ConditionalCheckFailedException", "")}, false, 0},
		{"a transaction sent again has the token of the first, so its answer counts", 2,
			[]string{"", canceled("None", "ConditionalCheckFailed")}, false, 1},
	} {
		f := &fake{answers: c.answers}
		err := f.table().Write(t.Context(), puts(c.ops)...)
		var failed *table.ConditionError
		switch isCondition := errors.As(err, &failed); {
		case err == nil, errors.Is(err, table.ErrConflict) != c.conflict, isCondition != (!c.conflict && c.index >= 0):
			t.Errorf("%s: %v", c.rule, err)
		case isCondition && (failed.Index != c.index || failed.Key != puts(3)[c.index].Item.Key):
			t.Errorf("%s: operation %d", c.rule, failed.Index)
		}
	}
}

func TestARepeatByTheSDKHasTheSameTokenAndOurOwnANewOne(t *testing.T) {
	f := &fake{answers: []string{"", canceled("ThrottlingError", "None"), "{}"}}
	if err := f.table().Write(t.Context(), puts(2)...); err != nil {
		t.Fatal(err)
	}
	first, second, third := f.sent[0].ClientRequestToken, f.sent[1].ClientRequestToken, f.sent[2].ClientRequestToken
	if first == "" || first != second || third == second || f.pauses != 1 {
		t.Fatalf("tokens %q, %q, %q after %d pauses", first, second, third, f.pauses)
	}
}

func TestAThrottledTransactionFailsInTheEndAndSaysWhy(t *testing.T) {
	f := &fake{answers: []string{canceled("None", "ThrottlingError")}}
	err := f.table().Write(t.Context(), puts(2)...)
	if err == nil || !strings.Contains(err.Error(), "throttled 8 times") || len(f.sent) != tries {
		t.Fatalf("after %d tries: %v", len(f.sent), err)
	}
}

func items(n int) (items []table.Item) {
	for _, op := range puts(n) {
		items = append(items, op.Item)
	}
	return items
}

const unprocessed = `{"UnprocessedItems": {"ledger": [{"PutRequest": {"Item": {"pk": {"S": "p"}, "sk": {"S": "007"}, "v": {"N": "0"}, "body": {"B": ""}}}}]}}`

func TestPutAllSendsAgainWhatWasLeft(t *testing.T) {
	f := &fake{answers: []string{unprocessed, unprocessed, "{}"}}
	if err := f.table().PutAll(t.Context(), items(60)); err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, r := range f.sent {
		got = append(got, len(r.RequestItems["ledger"]))
	}
	if fmt.Sprint(got) != "[25 1 1 25 10]" || f.sent[2].RequestItems["ledger"][0].PutRequest.Item.SK.S != "007" || f.pauses != 2 {
		t.Fatalf("sent %v with %d pauses", got, f.pauses)
	}
}

func TestPutAllGivesUpInTheEnd(t *testing.T) {
	f := &fake{answers: []string{unprocessed}}
	err := f.table().PutAll(t.Context(), items(10))
	if err == nil || !strings.Contains(err.Error(), "1 of 10 items") || len(f.sent) != tries {
		t.Fatalf("after %d tries: %v", len(f.sent), err)
	}
}

func TestPausesEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pause(ctx, 1000); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := pause(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsTooLargeIsNotSent(t *testing.T) {
	f := &fake{answers: []string{"{}"}}
	large := table.Item{Key: table.Key{PK: "p", SK: "s"}, Body: make([]byte, table.MaxItem)}
	for call, err := range map[string]error{
		"Write":  f.table().Write(t.Context(), table.Put(large, table.Any)),
		"PutAll": f.table().PutAll(t.Context(), []table.Item{large}),
		"ops":    f.table().Write(t.Context(), puts(101)...),
	} {
		if !errors.Is(err, table.ErrTooLarge) || len(f.sent) > 0 {
			t.Errorf("%s: %v, %d requests", call, err, len(f.sent))
		}
	}
}

func TestAForeignItemIsAnError(t *testing.T) {
	for _, answer := range []string{
		`{"Item": {"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"N": "1"}, "name": {"S": "not ours"}}}`,
		`{"Item": {"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"S": "1"}, "body": {"B": ""}}}`,
		`{"Item": {"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"N": "1.5"}, "body": {"B": ""}}}`,
		`{"Item": {"pk": {"S": "p"}, "sk": {"S": "s"}, "v": {"N": "1"}, "ttl": {"N": "1e3"}, "body": {"B": ""}}}`,
	} {
		f := &fake{answers: []string{answer}}
		if it, err := f.table().Get(t.Context(), table.Key{PK: "p", SK: "s"}); err == nil {
			t.Errorf("%s: got %+v", answer, it)
		} else if strings.Contains(err.Error(), "not ours") {
			t.Errorf("%v: it shows what the item holds", err)
		}
	}
}
