// Package provider says who writes the emails and the pages, from a function's configuration. It stands
// apart from package boot so that a function without words does not carry their templates.
package provider

import (
	"accord/shared/aws/boot"
	"accord/shared/notice"
)

// Of returns the provider that the configuration names.
func Of(c boot.Config) notice.Provider {
	return notice.Provider{Name: c.ProviderName, From: c.MailFrom, ReplyTo: c.MailReplyTo, Phone: c.Phone,
		BaseURL: c.BaseURL, Admins: c.AdminEmail, OutOfHours: c.OutOfHoursEmail}
}
