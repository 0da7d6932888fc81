// Package ledger keeps the record: what happened with each consumer, where each one therefore stands,
// and what is owed to the outside world. It is the only package that writes these.
//
// A consumer's history is a chain of events under "consumer#<id>"; its standing is their fold, kept
// beside them. Append writes, in one atomic write, the event, the standing that follows, the dues it
// causes, and the records that belong with it (contacts, agreements, cases, notices). Every append names
// its cause, put absent in the same write, so that a repeat after a lost answer finds the first result.
//
// A due lies in "due#<00..15>" under the moment of its next attempt. New dues have version 1, which is
// what the change feed's filter looks for; a worker claims one by moving it past a lease (Claim), does
// it, and clears it in the write that records the outcome (Entry.Done), or with Done where there is none.
// What a crash leaves behind is overdue, and Overdue finds it.
//
// Personal data (contacts, answers, emails) lies outside the chain; events keep ids and salted commitments.
//
// The functions and the web pages call this package; docs/design.md lists the partitions.
package ledger
