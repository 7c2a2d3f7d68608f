//go:build tools

// Package tools pins the Temporal CLI: where it cannot be downloaded it is built from the Go module proxy (local/temporal/build.ts).
package tools

import _ "github.com/temporalio/cli/cmd/temporal"
