package edge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"accord/shared/aup"
	"accord/shared/enforce"
)

// NewKey is an API key that somebody added to a usage plan.
type NewKey struct {
	Key  aup.KeyID
	Plan string
}

type update struct {
	Operations []struct {
		Path  string `json:"path"`
		Value string `json:"value"`
	} `json:"patchOperations"`
}

type trailEvent struct {
	Detail struct {
		EventSource string `json:"eventSource"`
		EventName   string `json:"eventName"`
		ErrorCode   string `json:"errorCode"`
		EventID     string `json:"eventID"`
		Request     struct {
			Plan  string `json:"usagePlanId"`
			Key   string `json:"keyId"`
			Input struct {
				Key string `json:"keyId"`
			} `json:"createUsagePlanKeyInput"`
			Changed string          `json:"apiKey"`
			Update  json.RawMessage `json:"updateApiKeyInput"`
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

// KeyChanged reads CloudTrail's event about UpdateApiKey or DeleteApiKey. The second result is false for every
// other call, for one that failed, and for a change of something else than whether the key is enabled. What the
// change left is empty where the event does not say so in the way that the API's own names have it.
func KeyChanged(raw []byte) (enforce.Change, bool, error) {
	var e trailEvent
	if err := json.Unmarshal(raw, &e); err != nil {
		return enforce.Change{}, false, errors.New("the CloudTrail event cannot be read: a field is missing or not of its kind")
	}
	d := e.Detail
	deleted := d.EventName == "DeleteApiKey"
	if d.EventSource != "apigateway.amazonaws.com" || d.ErrorCode != "" || !deleted && d.EventName != "UpdateApiKey" {
		return enforce.Change{}, false, nil
	}
	c := enforce.Change{Key: aup.KeyID(cmp.Or(d.Request.Changed, d.Response.ID)), Trail: d.EventID}
	if err := errors.Join(aup.CheckKey("apiKey", c.Key), aup.CheckKey("eventID", aup.KeyID(d.EventID))); err != nil {
		return enforce.Change{}, false, fmt.Errorf("CloudTrail's %s: %w", d.EventName, err)
	}
	if deleted {
		c.Found = aup.KeyDeleted
		return c, true, nil
	}
	found, touched := leaves(d.Request.Update)
	c.Found = found
	return c, touched, nil
}

// leaves says how an update leaves a key, and whether it can have changed that at all. One that cannot be read can.
func leaves(raw json.RawMessage) (found aup.KeyFound, touched bool) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil || len(u.Operations) == 0 {
		return "", true
	}
	for _, op := range u.Operations {
		switch {
		case op.Path != "/enabled":
			continue
		case op.Value == "true":
			found = aup.KeyEnabled
		case op.Value == "false":
			found = aup.KeyDisabled
		}
		touched = true
	}
	return found, touched
}
