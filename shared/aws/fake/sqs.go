package fake

import (
	"crypto/md5" //nolint:gosec // the protocol's checksum, not a defence
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"
)

// SQS is Simple Queue Service in its JSON protocol: SendMessage and SendMessageBatch to any queue name.
type SQS struct {
	server
	queues  map[string][]string
	refuse  string
	counter int
}

// NewSQS starts a server without messages.
func NewSQS(t testing.TB) *SQS {
	s := &SQS{queues: map[string][]string{}}
	s.start(t, func(r *http.Request) string {
		return strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	}, s.do)
	return s
}

// QueueURL is the address of a queue, as a function's configuration names it.
func (s *SQS) QueueURL(name string) string { return s.URL + "/123456789012/" + name }

// Messages is what was sent to a queue so far, in order.
func (s *SQS) Messages(name string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.queues[name]...)
}

// Take removes a queue's messages and returns them.
func (s *SQS) Take(name string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.queues[name]
	delete(s.queues, name)
	return taken
}

// RefuseEntries refuses each entry of a batch whose body contains text, while the rest of it is accepted.
func (s *SQS) RefuseEntries(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = text
}

type sqsEntry struct {
	Id          string //nolint:revive // the protocol's spelling
	MessageBody string
}

type sqsResult struct {
	Id               string `json:",omitempty"` //nolint:revive // the protocol's spelling
	MessageId        string `json:",omitempty"` //nolint:revive // the protocol's spelling
	MD5OfMessageBody string `json:",omitempty"`
	Code             string `json:",omitempty"`
	Message          string `json:",omitempty"`
	SenderFault      bool   `json:",omitempty"`
}

func (s *SQS) do(op string, _ *http.Request, body []byte) (any, *problem) {
	var in struct {
		QueueUrl    string //nolint:revive // the protocol's spelling
		MessageBody string
		Entries     []sqsEntry
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, &problem{http.StatusBadRequest, "InvalidParameterValue", err.Error()}
	}
	queue := path.Base(in.QueueUrl)
	switch op {
	case "SendMessage":
		return s.put(queue, sqsEntry{MessageBody: in.MessageBody}), nil
	case "SendMessageBatch":
		return s.batch(queue, in.Entries)
	}
	return nil, &problem{http.StatusBadRequest, "UnknownOperationException", op}
}

func (s *SQS) batch(queue string, entries []sqsEntry) (any, *problem) {
	if len(entries) == 0 {
		return nil, &problem{http.StatusBadRequest, "AWS.SimpleQueueService.EmptyBatchRequest", "no entries"}
	}
	if len(entries) > 10 {
		return nil, &problem{http.StatusBadRequest, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "more than 10 entries"}
	}
	out := struct{ Successful, Failed []sqsResult }{[]sqsResult{}, []sqsResult{}}
	seen := map[string]bool{}
	for _, e := range entries {
		switch {
		case seen[e.Id]:
			return nil, &problem{http.StatusBadRequest, "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", e.Id}
		case s.refuse != "" && strings.Contains(e.MessageBody, s.refuse):
			out.Failed = append(out.Failed, sqsResult{Id: e.Id, Code: "InternalError", Message: "as the test asked"})
		default:
			out.Successful = append(out.Successful, s.put(queue, e))
		}
		seen[e.Id] = true
	}
	return out, nil
}

func (s *SQS) put(queue string, e sqsEntry) sqsResult {
	s.queues[queue] = append(s.queues[queue], e.MessageBody)
	s.counter++
	sum := md5.Sum([]byte(e.MessageBody)) //nolint:gosec // the protocol's checksum
	return sqsResult{Id: e.Id, MessageId: fmt.Sprintf("message-%d", s.counter), MD5OfMessageBody: hex.EncodeToString(sum[:])}
}
