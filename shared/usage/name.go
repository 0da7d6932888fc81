package usage

import (
	"encoding/binary"
	"strings"
	"unsafe"
)

// Name is a resource by its name, "METHOD template", with what every call to it needs again. It never
// changes; make it with NewName.
type Name struct {
	text     string
	template string
	hash     uint64 // of text: the names that hash lowest are kept
	seed     uint64 // of the template: what parameters are hashed on
	head     string // of a template whose only parameter is its last segment, what comes before it
}

// NewName returns the name of what is asked for with a method under a template.
func NewName(method, template string) *Name {
	n := named(ResourceName(method, template))
	n.template = strings.Clone(template)
	n.seed = Hash(template)
	if head, param := strings.CutSuffix(template, "}"); param {
		i := strings.LastIndexByte(head, '/') + 1
		if i > 0 && strings.HasPrefix(head[i:], "{") && !strings.HasSuffix(head, "+") &&
			head[0] == '/' && !strings.Contains(head[:i], "//") && !strings.Contains(head[:i], "/{") {
			n.head = n.template[:i]
		}
	}
	return n
}

// named is a Name that no call can be added under, as a stored summary has it.
func named(text string) *Name { return &Name{text: text, hash: Hash(text)} }

var others = named(Others)

// Is says whether n is the name of what is asked for with a method under a template.
func (n *Name) Is(method, template string) bool {
	return n.template == template && len(n.text) == len(method)+1+len(template) && n.text[:len(method)] == method
}

func (n *Name) same(o *Name) bool { return n == o || n.hash == o.hash && n.text == o.text }

// below orders names by their hash, and equal hashes by the names.
func (n *Name) below(o *Name) bool { return n.hash < o.hash || n.hash == o.hash && n.text < o.text }

// identify tells what one path stands for: see the function of that name.
func (n *Name) identify(path string) (hash, number uint64, numeric bool) {
	if p := rest(path); n.head != "" && strings.HasPrefix(p, n.head) {
		v := p[len(n.head):]
		if uint(len(v)-1) < 8 && len(path) >= 8 {
			end := unsafe.Slice(unsafe.StringData(path), len(path))[len(path)-8:]
			if number, numeric = Digits(binary.LittleEndian.Uint64(end)>>(64-8*len(v)), len(v)); numeric {
				return hashValue(n.seed, v, number, true), number, true
			}
		}
		if v != "" && strings.IndexByte(v, '/') < 0 {
			number, numeric = numberOf(v)
			return hashValue(n.seed, v, number, numeric), number, numeric
		}
	}
	return identify(n.template, n.seed, path)
}
