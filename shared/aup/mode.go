package aup

// What may be done without people: by a deployment, a policy, or one of its terms.
const (
	ModeObserve Mode = "observe" // findings are recorded and shown; nobody is mailed or suspended
	ModeWarn    Mode = "warn"    // consumers are contacted; suspensions wait for people
	ModeEnforce Mode = "enforce" // suspensions are made, within the guard's budget
)

// Mode is what may be done without people. What is none of the three counts as ModeObserve.
type Mode string

// Safest is the mode that allows least. What says nothing, of several, allows everything; none at all is
// ModeObserve.
func Safest(modes ...Mode) Mode {
	safest := Mode("")
	for _, m := range modes {
		if m != "" && (safest == "" || m.allows() < safest.allows()) {
			safest = m
		}
	}
	if safest.allows() == 0 {
		return ModeObserve
	}
	return safest
}

// allows ranks the modes.
func (m Mode) allows() int {
	switch m {
	case ModeWarn:
		return 1
	case ModeEnforce:
		return 2
	}
	return 0
}
