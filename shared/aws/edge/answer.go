package edge

import (
	"context"
	"encoding/json"
)

// Answer fits a call that answers with JSON into Handlers.
func Answer(call func(context.Context, json.RawMessage) (json.RawMessage, error)) func(context.Context, json.RawMessage) (any, error) {
	return func(ctx context.Context, raw json.RawMessage) (any, error) { return call(ctx, raw) }
}
