package dynamolocal

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// Stream reads a table's change feed from its beginning, as Lambda does.
type Stream struct {
	client *dynamodbstreams.Client
	arn    *string
	at     map[string]*string // shard -> where to go on reading; nil when it is read to its end
}

// NewStream returns the change feed of a table that NewTable made.
func NewStream(t testing.TB, client *dynamodb.Client, name string) *Stream {
	t.Helper()
	out, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return &Stream{Streams(t), out.Table.LatestStreamArn, map[string]*string{}}
}

// Next returns the records that came since the last call, in the shape in which Lambda hands them over.
func (s *Stream) Next(ctx context.Context) ([]events.DynamoDBEventRecord, error) {
	out, err := s.client.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: s.arn})
	if err != nil {
		return nil, err
	}
	var records []events.DynamoDBEventRecord
	for _, shard := range out.StreamDescription.Shards {
		if s.at[aws.ToString(shard.ParentShardId)] != nil {
			continue // a shard comes after its parent
		}
		r, err := s.read(ctx, *shard.ShardId)
		if err != nil {
			return nil, err
		}
		records = append(records, r...)
	}
	return records, nil
}

func (s *Stream) read(ctx context.Context, shard string) (records []events.DynamoDBEventRecord, err error) {
	if at, begun := s.at[shard]; !begun {
		if err := s.begin(ctx, shard); err != nil {
			return nil, err
		}
	} else if at == nil {
		return nil, nil
	}
	out, err := s.client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: s.at[shard]})
	var trimmed *types.TrimmedDataAccessException
	var expired *types.ExpiredIteratorException
	if errors.As(err, &trimmed) || errors.As(err, &expired) {
		// DynamoDB Local lets go of iterators early. Beginning again gives records twice, as streams may.
		if err := s.begin(ctx, shard); err != nil {
			return nil, err
		}
		out, err = s.client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: s.at[shard]})
	}
	if err != nil {
		return nil, err
	}
	s.at[shard] = out.NextShardIterator
	for _, r := range out.Records {
		records = append(records, s.event(r))
	}
	return records, nil
}

// begin goes to the oldest record of a shard that is still there.
func (s *Stream) begin(ctx context.Context, shard string) error {
	out, err := s.client.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{StreamArn: s.arn, ShardId: &shard,
		ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		return err
	}
	s.at[shard] = out.ShardIterator
	return nil
}

func (s *Stream) event(r types.Record) events.DynamoDBEventRecord {
	return events.DynamoDBEventRecord{
		AWSRegion:      aws.ToString(r.AwsRegion),
		EventID:        aws.ToString(r.EventID),
		EventName:      string(r.EventName),
		EventSource:    aws.ToString(r.EventSource),
		EventVersion:   aws.ToString(r.EventVersion),
		EventSourceArn: *s.arn,
		Change: events.DynamoDBStreamRecord{
			Keys:           attributes(r.Dynamodb.Keys),
			NewImage:       attributes(r.Dynamodb.NewImage),
			OldImage:       attributes(r.Dynamodb.OldImage),
			SequenceNumber: aws.ToString(r.Dynamodb.SequenceNumber),
			SizeBytes:      aws.ToInt64(r.Dynamodb.SizeBytes),
			StreamViewType: string(r.Dynamodb.StreamViewType),
		},
	}
}

// attributes converts the three kinds that Accord's items have.
func attributes(in map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	if in == nil {
		return nil
	}
	out := map[string]events.DynamoDBAttributeValue{}
	for name, v := range in {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			out[name] = events.NewStringAttribute(v.Value)
		case *types.AttributeValueMemberN:
			out[name] = events.NewNumberAttribute(v.Value)
		case *types.AttributeValueMemberB:
			out[name] = events.NewBinaryAttribute(v.Value)
		}
	}
	return out
}
