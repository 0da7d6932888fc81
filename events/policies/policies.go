// Package policies carries the sample policy, in two versions, and its agreements: what `accord demo`
// publishes, and what the tests and the documentation speak of.
package policies

import "embed"

// Files are the documents of this folder.
//
//go:embed *.md *.yaml
var Files embed.FS

// Read returns one of them. It panics when there is none of that name: the name is the program's own.
func Read(name string) string {
	b, err := Files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(b)
}
