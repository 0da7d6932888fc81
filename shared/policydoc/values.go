package policydoc

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"accord/shared/aup"
)

// read is how one value is read: it reports what is wrong, and stores what is right.
type read = func(n *yaml.Node, where string)

// scalar reports anything but a single value that is not blank.
func (r *reader) scalar(n *yaml.Node, where string) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		if n.Kind != yaml.AliasNode { // reported by vet
			r.at(n, "%s: write a single value here", where)
		}
		return "", false
	}
	if r.blank(n, where) {
		return "", false
	}
	return strings.TrimSpace(n.Value), true
}

func (r *reader) text(to *string, most int) read {
	return func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if !ok {
			return
		}
		if utf8.RuneCountInString(s) > most {
			r.at(n, "%s: longer than %d characters; shorten it", where, most)
			return
		}
		if strings.ContainsFunc(s, func(c rune) bool { return c != '\n' && hidden(c) }) {
			r.at(n, "%s: holds a character that does not show; remove it", where)
			return
		}
		*to = s
	}
}

// line reads text that will stand in an email's subject: one line.
func (r *reader) line(to *string, most int) read {
	return func(n *yaml.Node, where string) {
		var s string
		if r.text(&s, most)(n, where); strings.ContainsAny(s, "\n\t") {
			r.at(n, "%s: must be one line without tabs", where)
			return
		}
		*to = s
	}
}

func (r *reader) slug(to *string) read {
	return func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if !ok {
			return
		}
		if err := aup.CheckSlug(where, s); err != nil {
			r.at(n, "%s", err)
			return
		}
		*to = s
	}
}

func (r *reader) clause(to *aup.ClauseID) read {
	return func(n *yaml.Node, where string) {
		if r.slug((*string)(to))(n, where); *to != "" {
			r.refs = append(r.refs, ref{*to, n, where})
		}
	}
}

func (r *reader) boolean(to *bool) read {
	return func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if ok && s != "true" && s != "false" {
			r.at(n, "%s: %s is not an answer: write true or false", where, show(s))
			return
		}
		if ok {
			*to = s == "true"
		}
	}
}

func (r *reader) acceptance(to *aup.AcceptanceMode) read {
	return func(n *yaml.Node, where string) {
		switch s, ok := r.scalar(n, where); {
		case !ok:
		case s == string(aup.ByUse), s == string(aup.Explicit):
			*to = aup.AcceptanceMode(s)
		default:
			r.at(n, "%s: %s is not a way to accept: write by-use or explicit", where, show(s))
		}
	}
}

func (r *reader) mode(to *aup.Mode) read {
	return func(n *yaml.Node, where string) {
		switch s, ok := r.scalar(n, where); {
		case !ok:
		case s == string(aup.ModeObserve), s == string(aup.ModeWarn), s == string(aup.ModeEnforce):
			*to = aup.Mode(s)
		default:
			r.at(n, "%s: %s is not a mode: write observe, warn or enforce", where, show(s))
		}
	}
}

var (
	wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
	percentage  = regexp.MustCompile(`^([0-9]{1,9}(?:\.[0-9]{1,6})?)%$`)
	days        = regexp.MustCompile(`^([0-9]{1,5})([dh])$`)
)

// count reads a whole number.
func (r *reader) count(to *int64, least, most int64) read {
	return func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if !ok {
			return
		}
		if !wholeNumber.MatchString(s) {
			r.at(n, "%s: %s is not a whole number: write digits only, such as 50000", where, show(s))
			return
		}
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v < least || v > most {
			r.at(n, "%s: %s is out of range: give %d to %d", where, show(s), least, most)
			return
		}
		*to = v
	}
}

// percent reads a percentage as a ratio. A least of 0 is exclusive. of says what it is a share of.
func (r *reader) percent(to *float64, least, most float64, of string) read {
	return func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if !ok {
			return
		}
		m := percentage.FindStringSubmatch(s)
		if m == nil {
			hint := "write it with its sign, such as 80%"
			if percentage.MatchString(s + "%") {
				hint = fmt.Sprintf("its sign is missing: write %s%%", s)
			}
			r.at(n, "%s: %s is not a percentage; %s", where, show(s), hint)
			return
		}
		v, err := strconv.ParseFloat(m[1], 64)
		if v /= 100; err != nil || v <= 0 || v < least || v > most {
			from := fmt.Sprintf("%s to ", asWritten(least))
			if least == 0 {
				from = "more than 0% and at most "
			}
			r.at(n, "%s: %s is out of range: give %s%s %s", where, s, from, asWritten(most), of)
			return
		}
		*to = v
	}
}

// period reads a length of time in days or hours.
func (r *reader) period(to *time.Duration) read {
	return func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if !ok {
			return
		}
		m := days.FindStringSubmatch(s)
		if m == nil {
			r.at(n, "%s: %s is not a length of time: write days or hours, such as 14d or 36h", where, show(s))
			return
		}
		count, _ := strconv.Atoi(m[1])
		unit := time.Hour
		if m[2] == "d" {
			unit = 24 * time.Hour
		}
		if d := time.Duration(count) * unit; d <= 366*24*time.Hour {
			*to = d
			return
		}
		r.at(n, "%s: %s is longer than 366d", where, s)
	}
}

// maxReminders of one version.
const maxReminders = 5

// reminder adds a length of time: how long before a version applies its acceptance is asked for again.
func (r *reader) reminder(to *[]time.Duration) read {
	return func(n *yaml.Node, where string) {
		d, before := time.Duration(0), len(r.problems)
		r.period(&d)(n, where)
		switch {
		case len(r.problems) > before:
		case d == 0:
			r.at(n, "%s: a reminder comes before the day itself: write days or hours, such as 7d", where)
		case slices.Contains(*to, d):
			r.at(n, "%s: %s is there twice", where, show(n.Value))
		default:
			*to = append(*to, d)
		}
	}
}

// date reads a day as its first moment in UTC.
func (r *reader) date(to *time.Time) read { return r.moment(to, "", time.DateOnly) }

// dateOrTime also reads a moment, for agreements that begin or end within a day.
func (r *reader) dateOrTime(to *time.Time) read {
	return r.moment(to, ", or with a time as 2027-01-15T09:00:00Z", time.DateOnly, time.RFC3339)
}

func (r *reader) moment(to *time.Time, also string, layouts ...string) read {
	return func(n *yaml.Node, where string) {
		s, ok := r.scalar(n, where)
		if !ok {
			return
		}
		for _, layout := range layouts {
			t, err := time.Parse(layout, s)
			if err == nil && t.Year() >= 2000 && t.Year() < 3000 {
				*to = t.UTC()
				return
			}
		}
		r.at(n, "%s: %s is not a date: write it as 2027-01-15%s", where, show(s), also)
	}
}

// list reads each value of a list that is not empty.
func (r *reader) list(most int, each read) read {
	return func(n *yaml.Node, where string) {
		switch {
		case n.Kind != yaml.SequenceNode:
			if !r.blank(n, where) && n.Kind != yaml.AliasNode {
				r.at(n, "%s: not a list: write it as [one, two]", where)
			}
		case len(n.Content) == 0:
			r.at(n, "%s: an empty list; fill it or remove the key", where)
		case len(n.Content) > most:
			r.at(n, "%s: more than %d values", where, most)
		default:
			for i, c := range n.Content {
				each(c, fmt.Sprintf("%s[%d]", where, i+1))
			}
		}
	}
}
