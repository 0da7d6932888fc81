package edge

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// HTTP is a Lambda handler that answers calls to the REST API with an http.Handler. The request's Host and
// RemoteAddr are what API Gateway saw, not what a header claims.
func HTTP(h http.Handler) func(context.Context, events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	return func(ctx context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
		r, err := request(ctx, e)
		if err != nil {
			return events.APIGatewayProxyResponse{StatusCode: http.StatusBadRequest, Body: "The request cannot be read.\n",
				Headers: map[string]string{"Content-Type": "text/plain; charset=utf-8"}}, nil
		}
		w := answer{header: http.Header{}}
		h.ServeHTTP(&w, r)
		return w.response(), nil
	}
}

func request(ctx context.Context, e events.APIGatewayProxyRequest) (*http.Request, error) {
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
	}
	u := url.URL{Path: e.Path, RawQuery: query(e).Encode()}
	r, err := http.NewRequestWithContext(context.WithValue(ctx, calledBy{}, e.RequestContext.Identity.UserArn), e.HTTPMethod, u.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range e.Headers {
		r.Header.Set(name, value)
	}
	for name, values := range e.MultiValueHeaders {
		r.Header.Del(name)
		for _, v := range values {
			r.Header.Add(name, v)
		}
	}
	r.RequestURI = u.RequestURI()
	r.Host = e.RequestContext.DomainName
	r.RemoteAddr = e.RequestContext.Identity.SourceIP
	return r, nil
}

// query prefers the form that keeps repeated names. API Gateway has decoded both.
func query(e events.APIGatewayProxyRequest) url.Values {
	if len(e.MultiValueQueryStringParameters) > 0 {
		return e.MultiValueQueryStringParameters
	}
	q := url.Values{}
	for name, value := range e.QueryStringParameters {
		q.Set(name, value)
	}
	return q
}

// answer is the http.ResponseWriter whose content becomes the function's answer.
type answer struct {
	header http.Header
	sent   http.Header // as it was when the status was written
	status int
	body   bytes.Buffer
}

var _ io.StringWriter = (*answer)(nil)

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status, a.sent = status, a.header.Clone()
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) WriteString(s string) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.WriteString(s)
}

// response is base64 where the body is not text: API Gateway would otherwise change its bytes.
func (a *answer) response() events.APIGatewayProxyResponse {
	a.WriteHeader(http.StatusOK)
	if a.sent.Get("Content-Type") == "" && a.body.Len() > 0 {
		a.sent.Set("Content-Type", http.DetectContentType(a.body.Bytes()))
	}
	r := events.APIGatewayProxyResponse{StatusCode: a.status, MultiValueHeaders: maps.Clone(a.sent), Body: a.body.String()}
	if !utf8.Valid(a.body.Bytes()) {
		r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString(a.body.Bytes()), true
	}
	return r
}

type calledBy struct{}

// Caller is the ARN of who made the call, as IAM authenticated it; empty for a route without IAM.
func Caller(ctx context.Context) string {
	arn, _ := ctx.Value(calledBy{}).(string)
	return arn
}
