package dynamo

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"accord/shared/table"
)

type attributes = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyOf(k table.Key) attributes { return attributes{"pk": text(k.PK), "sk": text(k.SK)} }

func attributesOf(it table.Item) attributes {
	a := attributes{"pk": text(it.PK), "sk": text(it.SK), "v": number(it.V), "body": &types.AttributeValueMemberB{Value: it.Body}}
	if it.Body == nil {
		a["body"] = &types.AttributeValueMemberB{Value: []byte{}}
	}
	if it.TTL != 0 {
		a["ttl"] = number(it.TTL)
	}
	return a
}

func itemOf(a attributes) (it table.Item, err error) {
	pk, ok1 := a["pk"].(*types.AttributeValueMemberS)
	sk, ok2 := a["sk"].(*types.AttributeValueMemberS)
	v, ok3 := a["v"].(*types.AttributeValueMemberN)
	body, ok4 := a["body"].(*types.AttributeValueMemberB)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return it, errForeign(a)
	}
	it.Key, it.Body = table.Key{PK: pk.Value, SK: sk.Value}, body.Value
	ttl := "0"
	if n, ok := a["ttl"].(*types.AttributeValueMemberN); ok {
		ttl = n.Value
	}
	return numbered(it, v.Value, ttl)
}

func numbered(it table.Item, v, ttl string) (_ table.Item, err error) {
	if it.V, err = strconv.ParseInt(v, 10, 64); err != nil {
		return it, fmt.Errorf("%s: attribute v: %w", it.Key, err)
	}
	if it.TTL, err = strconv.ParseInt(ttl, 10, 64); err != nil {
		return it, fmt.Errorf("%s: attribute ttl: %w", it.Key, err)
	}
	return it, nil
}

// errForeign is for an item that Accord did not write. It names the attributes, not what is in them.
func errForeign[V any](a map[string]V) error {
	names := make([]string, 0, len(a))
	for name := range a {
		names = append(names, name)
	}
	slices.Sort(names)
	return fmt.Errorf("an item with attributes %q is not Accord's: it needs pk and sk (strings), v (a number) and body (binary)", names)
}
