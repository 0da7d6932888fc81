package scenarios

import (
	"fmt"
	"maps"
	"strings"

	"accord/shared/aup"
	"accord/shared/enforce"
	"accord/shared/ledger"
)

func init() {
	maps.Copy(commands, map[string]func(*stage, []string) error{
		"by-hand": (*stage).byHand,
		"compare": (*stage).compare,
		"end":     (*stage).end,
		"attach":  (*stage).attach,
	})
}

// by-hand ID on|off|gone [trail]: somebody changes the key in the gateway, past Accord; with trail, CloudTrail's
// event about it comes, and the next sweep lets the key be looked at.
func (s *stage) byHand(a []string) error {
	key, found := aup.KeyID(a[0]+"-key"), map[string]aup.KeyFound{"on": aup.KeyEnabled, "off": aup.KeyDisabled, "gone": aup.KeyDeleted}[a[1]]
	var err error
	if a[1] == "gone" {
		err = s.open().Gateway.Remove(s.t.Context(), key)
	} else {
		err = s.open().Gateway.SetEnabled(s.t.Context(), key, a[1] == "on")
	}
	if err != nil || len(a) < 3 {
		return err
	}
	if err := s.trail(key, found); err != nil {
		return err
	}
	return s.looked()
}

// looked: the next sweep wakes whoever looks at keys.
func (s *stage) looked() error {
	_, err := s.open().Sweep(s.t.Context())
	return err
}

// trail hands over CloudTrail's event about a change of a key.
func (s *stage) trail(key aup.KeyID, found aup.KeyFound) error {
	s.requests++
	return s.open().Watch.Changed(s.t.Context(), enforce.Change{Key: key, Found: found, Trail: fmt.Sprintf("trail-%d", s.requests)})
}

// compare: the sweeper's comparison of all keys with the gateway's, which it makes shard by shard, twice a day; the
// next sweep lets those that differ be looked at.
func (s *stage) compare([]string) error {
	differ := 0
	for shard := range ledger.Shards {
		n, err := s.open().Watch.Compare(s.t.Context(), shard)
		if err != nil {
			return err
		}
		differ += n
	}
	s.say("%d to look at", differ)
	return s.looked()
}

// end ID REASON...: the relation ends.
func (s *stage) end(a []string) error {
	_, err := s.invoke("manage-consumer", map[string]any{"action": "end", "consumer": a[0], "reason": strings.Join(a[1:], " ")})
	return err
}

// attach ID KEY: one more key.
func (s *stage) attach(a []string) error {
	_, err := s.invoke("manage-consumer", map[string]any{"action": "key", "consumer": a[0], "key": a[1]})
	return err
}
