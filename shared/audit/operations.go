package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"accord/shared/aup"
	"accord/shared/usage"
)

// leastOutside is how many looks outside what was agreed a day must see: below, somebody tried a door.
const leastOutside = 10

// operations finds what was asked of methods and resource templates that the terms do not list, today
// and yesterday. What no template matches is no operation, and resources that share a line in usage
// cannot be told apart: neither is judged.
func operations(s Subject) (findings []aup.Finding) {
	pick := func(t aup.Terms) *aup.Operations { return t.Operations }
	for ago := 1; ago >= 0; ago-- {
		st, ok := s.lastDays(1, ago)
		if !ok {
			continue
		}
		b := generous(s, st, pick, func(a, b *aup.Operations) bool { return len(a.Allow) > len(b.Allow) })
		if b.bound != nil {
			if f, ok := s.outside(st, *b.bound); ok {
				f.Agreement = b.agreement
				findings = append(findings, f)
				continue
			}
		}
		if b.standard != nil && b.agreement > 0 {
			if f, ok := s.outside(st, *b.standard); ok {
				f.Agreement, f.Covered = b.agreement, true
				f.Reason += fmt.Sprintf(" Agreement %d allows it.", b.agreement)
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// outside adds up the looks that a list does not allow.
func (s Subject) outside(st stretch, o aup.Operations) (f aup.Finding, found bool) {
	looks, keys := map[string]int64{}, map[aup.KeyID]int64{}
	for key, all := range s.Keys {
		for _, d := range st.days(all) {
			for name := range d.Looks {
				if n := s.since(d.Looks[name]); n > 0 && !allowed(o.Allow, name) {
					looks[name] += n
					keys[key] += n
				}
			}
		}
	}
	var total int64
	worst := ""
	for _, name := range slices.Sorted(maps.Keys(looks)) {
		if total += looks[name]; worst == "" || looks[name] > looks[worst] {
			worst = name
		}
	}
	f = aup.Finding{Detector: "operations", Term: aup.TermOperations, Clause: o.Clause, Measured: float64(total), Unit: "requests",
		From: st.from, Until: st.until, Keys: named(keys)}
	f.Reason = fmt.Sprintf("%s requests on %s (UTC) were for what the terms do not list; most of them for %q. They list %s.",
		count(f.Measured), st.first(), worst, strings.Join(quoted(o.Allow), ", "))
	return f, total >= leastOutside
}

// since adds up figures by window, as far as they are to be judged.
func (s Subject) since(looks usage.Series) (n int64) {
	for _, f := range looks {
		if f.Window >= s.Since.Unix() {
			n += f.N
		}
	}
	return n
}

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}

// allowed says whether a list covers a resource name, "METHOD template". Browsers ask OPTIONS by
// themselves, and HEAD is a GET without its answer.
func allowed(list []string, name string) bool {
	method, template, ok := strings.Cut(name, " ")
	if name == usage.Others || !ok || template == "-" || method == "-" || method == "OPTIONS" {
		return true
	}
	if method == "HEAD" {
		method = "GET"
	}
	return slices.ContainsFunc(list, func(pattern string) bool {
		m, p, _ := strings.Cut(pattern, " ")
		return (m == "*" || m == method) && fits(strings.Split(p, "/"), strings.Split(template, "/"))
	})
}

// fits matches segment by segment. A star stands for one segment, at the end for one or more.
func fits(pattern, path []string) bool {
	for i, p := range pattern {
		switch {
		case i >= len(path):
			return false
		case p == "*" && i == len(pattern)-1:
			return true
		case p != "*" && p != path[i]:
			return false
		}
	}
	return len(pattern) == len(path)
}
