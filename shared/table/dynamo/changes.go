package dynamo

import (
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"accord/shared/table"
)

// Changes decodes what Lambda hands over of a table's stream, in its order.
func Changes(records []events.DynamoDBEventRecord) ([]table.Change, error) {
	changes := make([]table.Change, 0, len(records))
	for _, r := range records {
		c, err := change(r.Change)
		if err != nil {
			return nil, fmt.Errorf("stream record %s: %w", r.Change.SequenceNumber, err)
		}
		changes = append(changes, c)
	}
	return changes, nil
}

func change(r events.DynamoDBStreamRecord) (c table.Change, err error) {
	if c.Old, err = image(r.OldImage); err != nil {
		return c, err
	}
	if c.New, err = image(r.NewImage); err != nil {
		return c, err
	}
	switch {
	case c.New != nil:
		c.Key = c.New.Key
	case c.Old != nil:
		c.Key = c.Old.Key
	default:
		return c, errors.New("it has no image of the item: the table's stream must be of NEW_AND_OLD_IMAGES")
	}
	return c, nil
}

func image(a map[string]events.DynamoDBAttributeValue) (*table.Item, error) {
	if len(a) == 0 {
		return nil, nil
	}
	is := func(name string, t events.DynamoDBDataType) bool {
		v, ok := a[name]
		return ok && v.DataType() == t
	}
	if !is("pk", events.DataTypeString) || !is("sk", events.DataTypeString) || !is("v", events.DataTypeNumber) || !is("body", events.DataTypeBinary) {
		return nil, errForeign(a)
	}
	ttl := "0"
	if is("ttl", events.DataTypeNumber) {
		ttl = a["ttl"].Number()
	}
	it := table.Item{Key: table.Key{PK: a["pk"].String(), SK: a["sk"].String()}, Body: a["body"].Binary()}
	it, err := numbered(it, a["v"].Number(), ttl)
	return &it, err
}
