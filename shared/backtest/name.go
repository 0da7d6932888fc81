package backtest

import "accord/shared/usage"

// maxNames is how many names are kept: methods and templates come from a log, and may be made up.
const maxNames = 10_000

// names are those of what was asked for, by method and template: what is computed of a name is computed once.
type names map[[2]string]*usage.Name

// of is the name of what a call asked for.
func (n names) of(c *usage.Call) *usage.Name {
	as := [2]string{c.Method, c.Template}
	name := n[as]
	if name == nil {
		if len(n) >= maxNames {
			clear(n)
		}
		name = usage.NewName(c.Method, c.Template)
		n[as] = name
	}
	return name
}
