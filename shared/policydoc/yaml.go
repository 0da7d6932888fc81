package policydoc

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// key is one key of a mapping and how its value is read. where is the key's path, such as "terms.crawling".
type key struct {
	name   string
	needed bool
	read   func(n *yaml.Node, where string)
}

// document parses YAML into its one mapping; nil when there is none or it cannot be read.
func (r *reader) document(src []byte, what string) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.unreadable(err, what)
		return nil
	case len(doc.Content) == 0:
		return nil
	}
	root := doc.Content[0]
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.errorf(r.base+1, 1, "the %s holds more than one YAML document: remove the lines --- or ... within it", what)
	}
	r.vet(root, 0)
	if root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null" {
		return nil
	}
	if root.Kind != yaml.MappingNode {
		r.at(root, "the %s is not a list of keys: write one `key: value` a line", what)
		return nil
	}
	return root
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// unreadable words the decoder's own error. The decoder counts lines from 0 in the errors of its grammar and
// from 1 in those of its scanner, and leaves out line 0.
func (r *reader) unreadable(err error, what string) {
	msg, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		line, _ = strconv.Atoi(m[1])
		msg = msg[len(m[0]):]
		if strings.HasPrefix(msg, "did not find expected") {
			line++
		}
	}
	r.errorf(line+r.base, 1, "the %s cannot be read: %s; look at the quotes, colons, brackets and indentation around here", what, msg)
}

// vet refuses what makes YAML surprising: aliases, anchors, merge keys, tags, duplicate keys, keys that are
// not words, deep nesting.
func (r *reader) vet(n *yaml.Node, depth int) {
	switch {
	case depth > maxDepth:
		r.at(n, "nested more than %d deep: no key needs that", maxDepth)
		return
	case n.Kind == yaml.AliasNode:
		r.at(n, "*%s refers to another value: write the value itself", n.Value)
	case n.Anchor != "":
		r.at(n, "&%s names a value for reference elsewhere: remove it, and write each value where it belongs", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		r.at(n, "the tag %s is refused: write the plain value", show(n.Tag))
	}
	for _, c := range n.Content {
		r.vet(c, depth+1)
	}
	if n.Kind == yaml.MappingNode {
		r.vetKeys(n)
	}
}

func (r *reader) vetKeys(n *yaml.Node) {
	first := map[string]*yaml.Node{}
	for i := 0; i < len(n.Content); i += 2 {
		k := n.Content[i]
		before := first[k.Value]
		switch {
		case !plainKey(k):
			r.at(k, "a key must be a plain word")
		case before != nil:
			r.at(k, "%s: given twice, first on line %d; keep one", show(k.Value), before.Line+r.base)
		default:
			first[k.Value] = k
		}
	}
}

func plainKey(k *yaml.Node) bool { return k.Kind == yaml.ScalarNode && k.ShortTag() != "!!merge" }

// fields reads a mapping by its keys; any other key is an error.
func (r *reader) fields(n *yaml.Node, where string, keys []key) {
	r.fieldsOr(n, where, keys, func(k *yaml.Node) {
		hint := "known are " + strings.Join(names(keys), ", ")
		if near, ok := nearest(k.Value, names(keys)); ok {
			hint = "did you mean " + near + "?"
		} else if strings.Trim(k.Value, "0123456789") == "" {
			hint = "write numbers without commas"
		}
		r.at(k, "%s: unknown key; %s", path(where, k.Value), hint)
	})
}

// fieldsOr reads a mapping by its keys, and hands keys that are not among them to unknown.
func (r *reader) fieldsOr(n *yaml.Node, where string, keys []key, unknown func(k *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		if !r.blank(n, where) && n.Kind != yaml.AliasNode {
			r.at(n, "%s: not a list of keys: write it as {%s: ...}", where, keys[0].name)
		}
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		found := false
		for _, known := range keys {
			if known.name != k.Value {
				continue
			}
			if found = true; !seen[k.Value] {
				known.read(v, path(where, k.Value))
			}
		}
		seen[k.Value] = true
		if !found && plainKey(k) {
			unknown(k)
		}
	}
	for _, known := range keys {
		if known.needed && !seen[known.name] {
			r.at(n, "%s: missing; add it", path(where, known.name))
		}
	}
}

// blank reports a value that is not there.
func (r *reader) blank(n *yaml.Node, where string) bool {
	if n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!null" || strings.TrimSpace(n.Value) == "") {
		r.at(n, "%s: blank; give it a value or remove the key", where)
		return true
	}
	return false
}

// lookup finds the value of a key of a mapping; nil when there is none.
func lookup(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

func names(keys []key) []string {
	var s []string
	for _, k := range keys {
		s = append(s, k.name)
	}
	return s
}

func path(where, name string) string {
	if where == "" {
		return name
	}
	return where + "." + name
}
