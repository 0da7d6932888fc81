package web

import "net/http"

// note is a page with nothing but a message.
type note struct {
	status int
	Title  string
	Text   []string
}

var (
	notFound = note{http.StatusNotFound, "This page does not exist", []string{
		"The address may have been copied only in part. Try the link in the email again."}}
	badLink = note{http.StatusNotFound, "This link does not work", []string{
		"It may have been copied only in part, or it may be too old.",
		"Use the link in the latest email from us, or reply to that email. People read the replies, and send you a new link."}}
	expired = note{http.StatusGone, "This link is too old", []string{
		"Links stop working after some time, to keep what is behind them safe.",
		"Use the link in the latest email from us, or reply to that email. People read the replies, and send you a new link."}}
	wrongMethod = note{http.StatusMethodNotAllowed, "This address cannot be used like that", []string{
		"Open the link in the email again, and use the forms on the page."}}
	foreign = note{http.StatusForbidden, "This came from another site", []string{
		"Nothing was recorded. Open the link in the email again, and use the forms on the page itself."}}
	tooLarge = note{http.StatusRequestEntityTooLarge, "That was too long", []string{
		"Please go back and write less than 10,000 characters. Nothing was recorded."}}
	broken = note{http.StatusInternalServerError, "Something went wrong on our side", []string{
		"Please try again in a few minutes. What you sent may or may not have been recorded; sending it again does no harm.",
		"If it keeps happening, reply to the email with the link."}}
)

func (s *site) message(w http.ResponseWriter, n note) {
	s.write(w, n.status, "message", struct {
		frame
		Note note
	}{s.frame(n.Title), n})
}
