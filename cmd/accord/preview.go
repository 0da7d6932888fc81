package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"accord/shared/assess"
	"accord/shared/aup"
	"accord/shared/local"
	"accord/shared/notice"
	"accord/shared/policydoc"
)

type policyPreview struct {
	File    string       `arg:"" help:"The draft."`
	Against string       `placeholder:"OLD" help:"The version in force: the preview then shows the email that tells of the change."`
	Policy  aup.PolicyID `help:"The id of a document that names none; by default made of its file name."`
	Out     string       `default:"preview" placeholder:"DIR" help:"Where to write it (default: ${default})."`
}

// Run publishes the draft to one made-up consumer on a stack of its own, and keeps the page and the emails
// that come of it. Nobody is told, and nothing else is stored.
func (c policyPreview) Run(stdout io.Writer) error {
	dir, err := os.MkdirTemp("", "accord-preview")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p := preview{policyPreview: c, clock: local.Story(time.Now().UTC())}
	p.stack, err = local.Open(local.Config{Dir: dir, Mode: assess.ModeObserve, Clock: p.clock, Volatile: true,
		Provider: notice.Provider{Name: "The API's provider", From: "aup@provider.example", ReplyTo: "people@provider.example",
			Admins: "admins@provider.example", BaseURL: "https://pages.example"}})
	if err != nil {
		return err
	}
	defer p.stack.Close()
	if err := p.play(context.Background()); err != nil {
		return err
	}
	return p.write(stdout)
}

// preview is a draft on its stage.
type preview struct {
	policyPreview
	stack *local.Stack
	clock *local.Clock
	id    aup.PolicyID
	told  int // emails that are not about the draft
}

// play publishes what there is to publish, in the order that it would come.
func (p *preview) play(ctx context.Context) error {
	if p.Against != "" {
		if err := p.publish(ctx, p.Against); err != nil {
			return err
		}
		if err := p.register(ctx); err != nil {
			return err
		}
		p.told = len(p.stack.Mailbox.Mails())
		return p.publish(ctx, p.File)
	}
	if err := p.publish(ctx, p.File); err != nil {
		return err
	}
	return p.register(ctx)
}

func (p *preview) publish(ctx context.Context, file string) error {
	doc, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	id := p.Policy
	if p.id != "" {
		id = p.id
	}
	policy, problems := parsePolicy(file, doc, id)
	if err := policydoc.Refused(problems); err != nil {
		return fmt.Errorf("the document has errors:\n%w", err)
	}
	if p.id != "" && policy.ID != p.id {
		return fmt.Errorf("%s is of policy %q, and %s of %q: compare two versions of one policy", file, policy.ID, p.Against, p.id)
	}
	p.id = policy.ID
	return p.call(ctx, "publish-policy", publishEvent{Request: filepath.Base(file), Policy: p.id, Document: string(doc)})
}

func (p *preview) register(ctx context.Context) error {
	return p.call(ctx, "manage-consumer", map[string]any{"request": "register", "action": "register", "consumer": "your-consumer",
		"profile":  map[string]any{"name": "Your Consumer", "policy": p.id, "serves": "Nobody: it is made up.", "keys": []string{"your-key"}},
		"contacts": []map[string]any{{"id": "sam", "name": "Sam Example", "email": "sam@consumer.example", "role": "authority"}}})
}

func (p *preview) call(ctx context.Context, function string, event any) error {
	b, err := json.Marshal(event)
	if err != nil {
		return err
	}
	if _, err := p.stack.Invoke(ctx, function, b); err != nil {
		return err
	}
	return p.stack.Settle(ctx)
}

// write keeps the page and both bodies of each email about the draft.
func (p *preview) write(stdout io.Writer) error {
	if err := os.MkdirAll(p.Out, 0o750); err != nil {
		return err
	}
	page := httptest.NewRecorder()
	p.stack.Pages.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/policies/"+string(p.id), nil))
	files := []struct{ name, what, text string }{{"policy.html", "the policy's page", page.Body.String()}}
	for i, m := range p.stack.Mailbox.Mails()[p.told:] {
		name := fmt.Sprintf("email-%d", i+1)
		files = append(files, struct{ name, what, text string }{name + ".html", m.Email.Subject, m.Email.HTML},
			struct{ name, what, text string }{name + ".txt", m.Email.Subject, m.Email.Text})
	}
	for _, f := range files {
		path := filepath.Join(p.Out, f.name)
		if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s: %s\n", path, f.what)
	}
	return nil
}
