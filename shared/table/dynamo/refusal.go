package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"accord/shared/table"
)

// refusal turns DynamoDB's word for a conflict or a condition that does not hold into the port's. In a
// transaction a conflict goes first: where there is one, DynamoDB has not looked at every condition.
func refusal(err error, ops []table.Op) error {
	var (
		failed     *types.ConditionalCheckFailedException
		conflict   *types.TransactionConflictException
		inProgress *types.TransactionInProgressException
		canceled   *types.TransactionCanceledException
	)
	switch {
	case errors.As(err, &failed):
		return &table.ConditionError{Index: 0, Key: ops[0].Item.Key}
	case errors.As(err, &conflict), errors.As(err, &inProgress):
		return fmt.Errorf("%w (%w)", table.ErrConflict, err)
	case !errors.As(err, &canceled):
		return err
	}
	if reason(canceled, "TransactionConflict") >= 0 {
		return fmt.Errorf("%w (%w)", table.ErrConflict, err)
	}
	if i := reason(canceled, "ConditionalCheckFailed"); i >= 0 && i < len(ops) {
		return &table.ConditionError{Index: i, Key: ops[i].Item.Key}
	}
	return err
}

// throttled says whether a transaction was refused for want of capacity, which the SDK does not retry.
func throttled(err error) bool {
	var canceled *types.TransactionCanceledException
	return errors.As(err, &canceled) && reason(canceled, "TransactionConflict") < 0 &&
		(reason(canceled, "ThrottlingError") >= 0 || reason(canceled, "ProvisionedThroughputExceeded") >= 0)
}

// reason is the first operation that the transaction was cancelled for because of code, or -1.
func reason(e *types.TransactionCanceledException, code string) int {
	for i, r := range e.CancellationReasons {
		if aws.ToString(r.Code) == code {
			return i
		}
	}
	return -1
}

// repeats watches whether the SDK sends one request again without knowing what became of it.
type repeats struct{ blind bool }

func (r *repeats) watch(o *dynamodb.Options) { o.Retryer = watched{o.Retryer, r} }

type watched struct {
	aws.Retryer
	repeats *repeats
}

var throttles = retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes}

// RetryDelay is asked before each repeat. A throttled request was not done.
func (w watched) RetryDelay(attempt int, err error) (time.Duration, error) {
	if throttles.IsErrorRetryable(err) != aws.TrueTernary {
		w.repeats.blind = true
	}
	return w.Retryer.RetryDelay(attempt, err)
}

// tries is how often a throttled request is sent, over some seconds, before it fails.
const tries = 8

// pause waits, longer after each try and at random, so that the throttled do not come back together.
func pause(ctx context.Context, try int) error {
	longest := 50 * time.Millisecond << min(try, 5)
	timer := time.NewTimer(longest/2 + rand.N(longest/2))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
