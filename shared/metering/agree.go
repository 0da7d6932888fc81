package metering

import (
	"context"
	"fmt"
	"strings"
	"time"

	"accord/shared/table"
)

var partsKey = table.Key{PK: "parts", SK: "parts"}

// Agree notes the number of parts that this deployment splits windows over, and refuses one that differs from what
// was noted before about windows that have begun: lines of theirs that are still to come would be put where those
// that came are not looked for. It refuses by an error, each time it is asked, until what is past is as it was.
// Until then such windows count too little, and never too much.
func (m *Meter) Agree(ctx context.Context, now time.Time) error {
	item, err := m.get(ctx, partsKey)
	if err != nil {
		return err
	}
	said := m.parts.String()
	switch before, err := ParseParts(string(item.Body)); {
	case item.V > 0 && err != nil:
		return fmt.Errorf("%s: %w", item.Key, err)
	case item.V > 0 && string(item.Body) == said:
		return nil
	case item.V > 0 && !m.parts.follow(before, now):
		return fmt.Errorf("WINDOW_PARTS is %q and was %q: windows that have begun would be split otherwise than their lines are stored. "+
			"Put back what was there, and add the new number from a window at least an hour ahead", said, before)
	}
	_, err = m.replace(ctx, item, []byte(said)) // who came first has noted the same, or is told at the next time
	return err
}

// follow says whether every window that has begun has as many parts as before. A first number that nothing is left
// of, because all windows it held for are forgotten, may be dropped.
func (p Parts) follow(before Parts, now time.Time) bool {
	moments := []time.Time{now.Add(-PartsKept), now}
	for _, e := range append(append(Parts{}, p...), before...) {
		if e.From.After(moments[0]) && !e.From.After(now) {
			moments = append(moments, e.From, e.From.Add(-time.Nanosecond))
		}
	}
	for _, at := range moments {
		if p.at(at) != before.at(at) {
			return false
		}
	}
	return true
}

// String is how ParseParts reads them.
func (p Parts) String() string {
	var entries []string
	for i, e := range p {
		entry := fmt.Sprint(e.Number)
		if i > 0 {
			entry += " from " + e.From.UTC().Format(startLayout)
		}
		entries = append(entries, entry)
	}
	return strings.Join(entries, ", ")
}
