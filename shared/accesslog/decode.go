package accesslog

import (
	"encoding/json"
	"strings"
	"unicode"
)

// decode reads any line by the letter of JSON.
func decode(line string, f *fields) Reason {
	*f = fields{}
	if !json.Valid([]byte(line)) {
		return NotJSON
	}
	dec := json.NewDecoder(strings.NewReader(line))
	dec.UseNumber()
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return NotJSON
	}
	seen := make(map[string]bool)
	for dec.More() {
		token, err := dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return NotJSON
		}
		if seen[fold(name)] {
			return DuplicateKey
		}
		seen[fold(name)] = true
		v, err := next(dec)
		if err != nil {
			return NotJSON
		}
		if id, ok := fieldOf(name); ok && id < numRead {
			f[id] = v
		}
	}
	return ""
}

// next reads a value; of an object or an array nothing is kept.
func next(dec *json.Decoder) (value, error) {
	token, err := dec.Token()
	if err != nil {
		return value{}, err
	}
	switch t := token.(type) {
	case string:
		return value{kind: text, s: t}, nil
	case json.Number:
		return value{kind: number, s: t.String()}, nil
	case json.Delim:
		for depth := 1; depth > 0; {
			token, err := dec.Token()
			if err != nil {
				return value{}, err
			}
			switch token {
			case json.Delim('{'), json.Delim('['):
				depth++
			case json.Delim('}'), json.Delim(']'):
				depth--
			}
		}
	}
	return value{kind: other}, nil
}

// fold makes names that differ only in case equal, as encoding/json would take them to be.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, name)
}
