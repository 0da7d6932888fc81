// Package aup holds the words of acceptable use as types: policy, version, clause, terms, consumer,
// contact, agreement, tailored policy, notice, acceptance, finding, assessment, case, event, standing
// and due. docs/design.md gives each word its one meaning.
//
// Nothing here is stored or sent by itself. Package ledger stores these types as canonical JSON
// (encoding/json of these structs, whose field order is therefore part of the record), and every
// other package speaks in them. The package imports only the standard library and reads no clock.
package aup
