//go:build tools

// Package tools pins FerretDB, the MongoDB protocol in front of PostgreSQL; built from the Go module proxy (local/database/ferretdb/build.ts).
package tools

import _ "github.com/FerretDB/FerretDB/v2/cmd/ferretdb"
