package edge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"accord/shared/aup"
)

// NewKey is an API key that somebody added to a usage plan.
type NewKey struct {
	Key  aup.KeyID
	Plan string
}

type trailEvent struct {
	Detail struct {
		EventSource string `json:"eventSource"`
		EventName   string `json:"eventName"`
		ErrorCode   string `json:"errorCode"`
		Request     struct {
			Plan  string `json:"usagePlanId"`
			Key   string `json:"keyId"`
			Input struct {
				Key string `json:"keyId"`
			} `json:"createUsagePlanKeyInput"`
		} `json:"requestParameters"`
		Response struct {
			ID string `json:"id"`
		} `json:"responseElements"`
	} `json:"detail"`
}

// KeyAdded reads CloudTrail's event about CreateUsagePlanKey. The second result is false for every other call,
// and for one that failed. The rest of the event, which may hold the key's value, is not read: no error
// repeats any of it.
func KeyAdded(raw []byte) (NewKey, bool, error) {
	var e trailEvent
	if err := json.Unmarshal(raw, &e); err != nil {
		return NewKey{}, false, errors.New("the CloudTrail event cannot be read: a field is missing or not of its kind")
	}
	d := e.Detail
	if d.EventSource != "apigateway.amazonaws.com" || d.EventName != "CreateUsagePlanKey" || d.ErrorCode != "" {
		return NewKey{}, false, nil
	}
	k := NewKey{Key: aup.KeyID(cmp.Or(d.Request.Input.Key, d.Request.Key, d.Response.ID)), Plan: d.Request.Plan}
	if k.Key == "" {
		return NewKey{}, false, errors.New("CloudTrail's CreateUsagePlanKey names no key: neither in requestParameters nor in responseElements")
	}
	if err := aup.CheckKey("keyId", k.Key); err != nil {
		return NewKey{}, false, fmt.Errorf("CloudTrail's CreateUsagePlanKey: %w", err)
	}
	return k, true, nil
}
