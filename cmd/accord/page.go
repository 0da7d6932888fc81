package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z-]+)" value="([^"]*)"`)
	anyLink     = regexp.MustCompile(`https?://[^\s<>"]+/p/[A-Za-z0-9_-]{43}`)
	anyCode     = regexp.MustCompile(`(?m)\b(\d{6})$`)
)

// browser is one person's: it keeps the cookie of their session.
type browser struct{ http.Client }

// enter opens the page of the latest email to an address, as a person does: asks for a code, reads it in
// the mailbox, types it.
func (s *story) enter(ctx context.Context, address string) (*browser, string, error) {
	jar, err := cookiejar.New(nil)
	link := s.link(address)
	if link == "" || err != nil {
		return nil, "", errors.Join(err, fmt.Errorf("no email to %s has a link", address))
	}
	b := &browser{http.Client{Jar: jar}}
	if _, err := b.post(ctx, link+"/code", nil); err != nil {
		return nil, "", err
	}
	if err := s.stack.Settle(ctx); err != nil {
		return nil, "", err
	}
	_, err = b.post(ctx, link+"/session", url.Values{"code": {s.code(address)}})
	return b, link, err
}

// link is the one in the latest email to an address that has one.
func (s *story) link(to string) string { return s.latest(to, anyLink) }

// code is the one in the latest email to an address that has one.
func (s *story) code(to string) string { return s.latest(to, anyCode) }

func (s *story) latest(to string, what *regexp.Regexp) (found string) {
	for _, m := range s.stack.Mailbox.Mails() {
		if match := what.FindStringSubmatch(m.Email.Text); m.Email.To == to && match != nil {
			found = match[len(match)-1]
		}
	}
	return found
}

func (b *browser) get(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	return b.page(req)
}

func (b *browser) post(ctx context.Context, address string, form url.Values) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.page(req)
}

func (b *browser) page(req *http.Request) (string, error) {
	resp, err := b.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 400 {
		err = fmt.Errorf("the page answered %s", resp.Status)
	}
	return string(body), err
}

func (s *story) accept(ctx context.Context) error {
	b, link, err := s.enter(ctx, "sam@city-guide.example")
	if err != nil {
		return err
	}
	s.say("%s opened its page, and typed the code that was sent to its own address.", guide)
	page, err := b.get(ctx, link)
	if err != nil {
		return err
	}
	form := url.Values{"name": {"Sam Field"}, "role": {"Head of product"}, "may-bind": {"yes"}}
	for _, hidden := range hiddenField.FindAllStringSubmatch(page, -1) {
		form.Set(hidden[1], hidden[2])
	}
	if _, err := b.post(ctx, link+"/accept", form); err != nil {
		return err
	}
	s.say("%s accepted: %s", guide, link)
	return s.stack.Settle(ctx)
}

// write answers the case on the page of an address.
func (s *story) write(ctx context.Context, address, text string) error {
	b, link, err := s.enter(ctx, address)
	if err != nil {
		return err
	}
	page, err := b.get(ctx, link)
	if err != nil {
		return err
	}
	form := url.Values{"text": {text}}
	for _, hidden := range hiddenField.FindAllStringSubmatch(page, -1) {
		if hidden[1] == "case" {
			form.Set("case", hidden[2])
		}
	}
	if form.Get("case") == "" {
		return fmt.Errorf("the page for %s shows no case", address)
	}
	if _, err := b.post(ctx, link+"/answer", form); err != nil {
		return err
	}
	return s.stack.Settle(ctx)
}
