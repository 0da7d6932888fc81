package fake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"accord/shared/needtest"
)

// bootstrap answers n events as a handler would: an event that contains "fail" with an error.
func bootstrap(t *testing.T, r *Runtime, n int) {
	base := "http://" + r.Address() + "/2018-06-01/runtime/"
	for range n {
		resp, err := http.Get(base + "invocation/next")
		if err != nil {
			t.Error(err)
			return
		}
		event, _ := io.ReadAll(resp.Body)
		id := resp.Header.Get("Lambda-Runtime-Aws-Request-Id")
		kind, body := "response", bytes.ToUpper(event)
		if bytes.Contains(event, []byte("fail")) {
			kind, body = "error", []byte(`{"errorType":"errorString","errorMessage":"as asked"}`)
		}
		if _, err := http.Post(base+"invocation/"+id+"/"+kind, "application/json", bytes.NewReader(body)); err != nil {
			t.Error(err)
		}
	}
}

func TestARuntimeHandsOutEventsAndTakesAnswers(t *testing.T) {
	r := NewRuntime()
	defer r.Close()
	go bootstrap(t, r, 2)
	if got, err := r.Invoke(t.Context(), []byte(`"a"`)); err != nil || string(got) != `"A"` {
		t.Errorf("%s, %v", got, err)
	}
	_, err := r.Invoke(t.Context(), []byte(`"fail"`))
	var reported *FunctionError
	if !errors.As(err, &reported) || reported.Message != "as asked" || reported.Type != "errorString" {
		t.Errorf("%v", err)
	}
	select {
	case <-r.Polled():
	default:
		t.Error("nobody is said to have polled")
	}
}

func TestAnAnswerToNobodysEventIsRefused(t *testing.T) {
	r := NewRuntime()
	defer r.Close()
	resp, err := http.Post("http://"+r.Address()+"/2018-06-01/runtime/invocation/unknown/response", "", nil)
	if err != nil || resp.StatusCode != http.StatusBadRequest {
		t.Error(resp.StatusCode, err)
	}
}

func TestABootstrapThatEndsSaysWhy(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := StartFunction(ctx, "-c", nil, "/bin/sh")
	if err == nil || !strings.Contains(err.Error(), "ended before it asked") {
		t.Errorf("no script: %v", err)
	}
	_, err = StartFunction(ctx, "echo LEDGER_TABLE is not set; exit 1", nil, "/bin/sh", "-c")
	if err == nil || !strings.Contains(err.Error(), "LEDGER_TABLE is not set") {
		t.Errorf("its log is not in the error: %v", err)
	}
}

func TestAFunctionThatEndsDuringAnInvocationIsNotWaitedFor(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	script := `exec 3<>/dev/tcp/${AWS_LAMBDA_RUNTIME_API/://}; printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.0\r\n\r\n' >&3; read -r line <&3; echo took "$line"; exit 7`
	f, err := StartFunction(ctx, script, nil, "bash", "-c")
	if err != nil {
		needtest.Missing(t, "bash with /dev/tcp: "+err.Error())
	}
	defer f.Stop()
	if _, err := f.Invoke(ctx, []byte(`{}`)); err == nil || !strings.Contains(err.Error(), "ended") || !strings.Contains(err.Error(), "took HTTP") {
		t.Errorf("%v", err)
	}
}
