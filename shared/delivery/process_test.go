package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"accord/shared/aup"
	"accord/shared/ledger"
	"accord/shared/table"
)

var (
	errDead  = errors.New("the process has died")
	errShaky = errors.New("the table did not answer")
)

func failedByUs(err error) bool { return errors.Is(err, errDead) || errors.Is(err, errShaky) }

// transition is a write that takes a notice, or the campaign, one step on.
type transition string

// transitions are all there are from the published version to the delivered email.
var transitions = []transition{"issued", "page continued", "shard done", "claimed", "put back", "link made", "sent", "delivered"}

// transitionOf says which one a write is.
func transitionOf(ops []table.Op) transition {
	var due aup.Due
	for _, op := range ops {
		switch {
		case strings.HasPrefix(op.Item.PK, "token#"):
			return "link made"
		case strings.HasPrefix(op.Item.SK, "event#"):
			var e aup.Event
			if err := json.Unmarshal(op.Item.Body, &e); err != nil {
				return transition(err.Error())
			}
			return map[string]transition{"policy-issued": "issued", "notice-sent": "sent", "notice-delivered": "delivered"}[e.Fact.Kind()]
		case op.Kind == table.KindPut && strings.HasPrefix(op.Item.PK, ledger.DuePrefix):
			if err := json.Unmarshal(op.Item.Body, &due); err != nil {
				return transition(err.Error())
			}
		}
	}
	switch {
	case due.ID == "":
		return "shard done"
	case due.Why != "":
		return "put back"
	case due.Attempts == 0:
		return "page continued"
	}
	return "claimed"
}

// process is the table as a function's process sees it: once it has died, nothing works any more.
type process struct {
	table.Table
	c    *campaign
	dead bool
}

func (p *process) Get(ctx context.Context, k table.Key) (table.Item, error) {
	if p.dead {
		return table.Item{}, errDead
	}
	it, err := p.Table.Get(ctx, k)
	p.c.bill.read(it)
	return it, err
}

func (p *process) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if p.dead {
		return table.Page{}, errDead
	}
	page, err := p.Table.Query(ctx, q)
	p.c.bill.read(page.Items...)
	return page, err
}

func (p *process) Write(ctx context.Context, ops ...table.Op) error {
	c := p.c
	if p.dead {
		return errDead
	}
	c.writes++
	dies, after := c.writes == c.dieAt, c.after
	if c.dies > 0 && c.rng.Float64() < c.dies {
		dies, after = true, c.rng.IntN(2) == 0
	}
	at := transitionOf(ops)
	if c.seen[at]++; c.each && c.seen[at] <= 2 {
		dies, after = true, c.seen[at] == 2
	}
	if dies {
		p.dead, c.worker = true, nil
		c.deaths[at]++
	}
	if dies && !after {
		return errDead
	}
	shaky, before := c.shaky > 0 && c.rng.Float64() < c.shaky, c.rng.IntN(2) == 0
	if shaky && before {
		return errShaky
	}
	c.bill.write(ops)
	err := p.Table.Write(ctx, ops...)
	switch {
	case dies:
		return errDead
	case shaky:
		return errShaky
	}
	return err
}

// bill counts what DynamoDB would charge for, and what a function would hold.
type bill struct {
	writes, reads int // units
	items, most   int // read by this invocation, and by the one that read most
}

// The prices of on-demand units in us-east-1, from aws.amazon.com/dynamodb/pricing/on-demand, by the million.
const (
	dollarsPerWrites = 0.625
	dollarsPerReads  = 0.125
)

func (b bill) dollars() float64 {
	return (float64(b.writes)*dollarsPerWrites + float64(b.reads)*dollarsPerReads) / 1e6
}

// invoked starts another invocation.
func (b *bill) invoked() { b.items = 0 }

// stored is how much an item counts for: its names, keys, numbers and body.
func stored(it table.Item) int {
	return len("pkskvttlb") + len(it.PK) + len(it.SK) + 2*10 + len(it.Body)
}

// read is one request that reads consistently: a unit for each started 4 KB of all it found, and one for
// finding nothing.
func (b *bill) read(items ...table.Item) {
	bytes := 0
	for _, it := range items {
		bytes += stored(it)
	}
	b.reads += max(1, (bytes+4095)/4096)
	b.items += len(items)
	b.most = max(b.most, b.items)
}

// write is one request: a unit for each started KB of each item, twice that in a transaction. What is
// deleted is a due or smaller.
func (b *bill) write(ops []table.Op) {
	for _, op := range ops {
		units := (stored(op.Item) + 1023) / 1024
		if len(ops) > 1 {
			units *= 2
		}
		b.writes += units
	}
}

// outcome of a campaign.
type outcome struct{ missed, unrecorded, duplicates int }

// table is what a campaign came to.
func (c *campaign) table(consumers int, o outcome, took time.Duration) string {
	emails := 0
	for _, n := range c.left {
		emails += n
	}
	var b strings.Builder
	line := func(what string, value any) { fmt.Fprintf(&b, "\n%-44s %10v", what, value) }
	line("consumers", consumers)
	line("emails that left", emails)
	line("answers lost", c.lostN)
	line("consumers missed", o.missed)
	line("emails that left twice, unrecorded", o.unrecorded)
	line("emails that left twice, recorded", o.duplicates-o.unrecorded)
	line("time it took, by the story's clock", took)
	for _, at := range transitions {
		line("processes that died at: "+string(at), c.deaths[at])
	}
	line("most items that one invocation read", c.bill.most)
	line("write units per 1,000 notices", c.bill.writes*1000/consumers)
	line("read units per 1,000 notices", c.bill.reads*1000/consumers)
	line("dollars per 1,000 notices", fmt.Sprintf("%.3f", c.bill.dollars()*1000/float64(consumers)))
	return b.String()
}
