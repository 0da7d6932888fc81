package usage_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"accord/shared/usage"
)

var start = time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC)

// call draws calls that meet each other: few ids, few networks, few minutes, more resources than a
// summary keeps apart.
var call = rapid.Custom(func(t *rapid.T) usage.Call {
	kind := rapid.IntRange(0, 19).Draw(t, "kind")
	id := rapid.IntRange(0, 400).Draw(t, "id")
	c := usage.Call{
		At:        start.Add(time.Duration(rapid.IntRange(0, 3_000_000).Draw(t, "ms")) * time.Millisecond),
		Key:       "abcdefghij",
		RequestID: fmt.Sprintf("r%d", rapid.IntRange(0, 1_000_000).Draw(t, "request")),
		Method:    rapid.SampledFrom([]string{"GET", "POST"}).Draw(t, "method"),
		Template:  fmt.Sprintf("/kind%d/{id}", kind),
		Path:      fmt.Sprintf("/prod/kind%d/%d", kind, id),
		Status:    rapid.SampledFrom([]int{200, 201, 304, 400, 403, 404, 429, 500, 503}).Draw(t, "status"),
		Bytes:     int64(id),
		Latency:   time.Duration(rapid.IntRange(-1, 90).Draw(t, "latency")) * time.Millisecond,
		Source:    fmt.Sprintf("198.51.%d.7", id%5),
	}
	if id%7 == 0 {
		c.Path = fmt.Sprintf(rapid.SampledFrom([]string{"/prod/kind%d/n%d", "/prod/kind%d/n-%05d", "/prod/kind%d/%07d"}).Draw(t, "written"), kind, id)
	}
	return c
})

var calls = rapid.SliceOfN(call, 0, 150)

func summary(calls []usage.Call) usage.Summary {
	var s usage.Summary
	for _, c := range calls {
		s.Add(c)
	}
	return s
}

func merged(parts ...usage.Summary) usage.Summary {
	var s usage.Summary
	for _, p := range parts {
		s.Merge(p)
	}
	return s
}

// windows splits calls as the meter does: by the window they lie in.
func windows(calls []usage.Call) map[time.Time]usage.Summary {
	out := make(map[time.Time]usage.Summary)
	for _, c := range calls {
		s := out[usage.WindowOf(c.At)]
		s.Add(c)
		out[usage.WindowOf(c.At)] = s
	}
	return out
}
