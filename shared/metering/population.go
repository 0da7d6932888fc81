package metering

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"accord/shared/aup"
	"accord/shared/table"
	"accord/shared/usage"
)

// PopulationKept is how long it is kept what all keys asked for on a day.
const PopulationKept = 7 * 24 * time.Hour

func populationKey(date string) table.Key { return table.Key{PK: "population#" + date, SK: "sample"} }

// Learn adds what keys looked at in a window to what is known of all keys' day. Learning it again changes
// nothing.
func (m *Meter) Learn(ctx context.Context, window time.Time, keys map[aup.KeyID]usage.Summary) error {
	date := usage.DateOf(window)
	for range maxTries {
		item, p, err := m.population(ctx, date)
		if err != nil {
			return err
		}
		for key, s := range keys {
			p.AddWindow(key, &s)
		}
		body := p.Encode()
		if len(p.Demand) == 0 || bytes.Equal(body, item.Body) {
			return nil
		}
		item.TTL = window.Add(PopulationKept).Unix()
		if lost, err := m.replace(ctx, item, body); err != nil || !lost {
			return err
		}
	}
	return fmt.Errorf("%s: %w", populationKey(date), errBusy)
}

// Population returns what all keys asked for on a day, as far as it was learned; it is empty where nothing was.
func (m *Meter) Population(ctx context.Context, date string) (usage.Population, error) {
	_, p, err := m.population(ctx, date)
	return p, err
}

func (m *Meter) population(ctx context.Context, date string) (table.Item, usage.Population, error) {
	item, err := m.get(ctx, populationKey(date))
	if err != nil || item.V == 0 {
		return item, usage.Population{}, err
	}
	p, err := usage.DecodePopulation(item.Body)
	if err != nil {
		err = fmt.Errorf("%s: %w", item.Key, err)
	}
	return item, p, err
}
