// Command empty is a function that does nothing: what a cold start is measured against.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

type nothing struct{}

func (nothing) Invoke(context.Context, []byte) ([]byte, error) { return nil, nil }

func main() { lambda.Start(nothing{}) }
