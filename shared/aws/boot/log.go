package boot

import (
	"log/slog"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Log is the function's log: JSON lines when template.yaml asks for them, as it does, each with the id of
// the invocation whose context it was written with. Personal data, addresses and key values stay out of it.
func Log() *slog.Logger { return lambdacontext.NewLogger() }
