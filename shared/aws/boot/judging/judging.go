// Package judging puts together what judges: the functions audit-usage, collect-usage and sweep.
package judging

import (
	"time"

	"accord/shared/admin"
	"accord/shared/aws/boot"
	"accord/shared/aws/boot/tables"
	"accord/shared/distribute"
	"accord/shared/judge"
	"accord/shared/ledger"
)

// Bench is a judge with all that a judgement needs. Audits lacks its Gateway: only collect-usage has one.
type Bench struct {
	Ledger *ledger.Ledger
	Judge  judge.Judge
	Desk   admin.Desk
	Audits judge.Audits
}

// Open puts a Bench together over the deployment's tables.
func Open(c boot.Config) Bench {
	record, measured := tables.Open(c)
	l, m := ledger.New(record).Keep(c.Retention), tables.Meter(c, measured)
	j := judge.Judge{Ledger: l, Meter: m, Acceptances: distribute.Distributor{Ledger: l, Now: time.Now},
		Mode: c.Mode, SlowPlan: c.SlowPlan, Now: time.Now}
	return Bench{Ledger: l, Judge: j,
		Desk:   admin.Desk{Ledger: l, Meter: m, Judge: j, Approvals: c.ApprovalsNeeded, Now: time.Now},
		Audits: judge.Audits{Judge: j, Usage: measured}}
}
