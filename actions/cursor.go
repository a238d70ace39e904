package actions

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// cursor is where a list goes on. It belongs to one query: the pages of
// another are cut elsewhere.
type cursor struct {
	// Page counts from 0.
	Page int `json:"p"`
	// Size is the page size with which the list began.
	Size int `json:"s"`
	// Skip is how many rows of the page were delivered already.
	Skip int `json:"k,omitempty"`
	// First is the id of the first row of the page before. Empty: not known.
	First string `json:"f,omitempty"`
	// Query is the digest of the query.
	Query string `json:"q"`
}

// String returns the form that travels: opaque, safe in URLs.
func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil { // unreachable: scalars alone
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads a cursor that this query gave out.
func parseCursor(s, query string) (cursor, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(b, &c) != nil || c.Page < 0 || c.Size < 1 || c.Skip < 0 {
		return c, cursorError("is not one that this action gave out")
	}
	if c.Query != query {
		return c, cursorError("belongs to another query; send it with the same input that it came from, limit aside")
	}
	return c, nil
}

func cursorError(message string) error {
	return connector.Invalid("the cursor cannot be used", []connector.Violation{{Pointer: "/cursor", Message: message}})
}

// digestOf identifies a query, whatever its limit and cursor.
func digestOf(query map[string]any) (string, error) {
	b, err := json.Marshal(query)
	if err != nil {
		return "", connector.Errorf(connector.ReasonInternal, "the query cannot be written as JSON: %w", err)
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:9]), nil
}
