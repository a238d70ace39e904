package bulk

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

// bookmark is a place between two rows of an export, and all that another
// process needs to go on there. It is what a checkpoint's token holds.
type bookmark struct {
	// Query identifies the input.
	Query string `json:"q"`
	// Status is the address of the job's state, which is no secret. It comes
	// back from outside, so it is held to the tenant's host like any other.
	Status string `json:"s"`
	// Chunk is the index of the chunk, Row how many of its rows are out and Sum
	// the checksum of the chunk up to there.
	Chunk int    `json:"c"`
	Row   uint64 `json:"r,omitempty"`
	Sum   uint32 `json:"x,omitempty"`
	// Before counts the rows of the chunks before.
	Before uint64 `json:"b,omitempty"`
	// Chunks and Total are the size of the job.
	Chunks int    `json:"n"`
	Total  *int64 `json:"t,omitempty"`
	// Header is the digest of the header row.
	Header []byte `json:"h,omitempty"`
	// Types is the digest of the fields' types, which must stay what they were.
	// Empty: CSV. Untyped are the places of fields whose type could not be had;
	// their values stay text.
	Types   []byte `json:"k,omitempty"`
	Untyped []int  `json:"u,omitempty"`
	// Misfits counts cells that do not fit, by column.
	Misfits map[int]uint64 `json:"m,omitempty"`
}

// token returns the form that travels.
func (b bookmark) token() ([]byte, error) { return json.Marshal(b) }

// parseBookmark reads a token that an export of this query gave out.
func parseBookmark(token []byte, query string) (bookmark, error) {
	var b bookmark
	switch err := json.Unmarshal(token, &b); {
	case err != nil || b.Status == "" || b.Chunk < 0 || b.Chunk > b.Chunks:
		return b, foreign("is not one that this action gave out")
	case b.Query != query:
		return b, foreign("belongs to another export; send the same input")
	}
	return b, nil
}

func foreign(message string) error {
	return connector.Errorf(connector.ReasonConflict, "the export cannot go on: the checkpoint %s", message).
		WithHint("Begin the export anew.")
}

// queryDigest identifies an input, but for how it is carried out.
func queryDigest(c *actions.Call) (string, error) {
	asked := maps.Clone(c.Input)
	delete(asked, "options")
	content, err := json.Marshal(asked)
	if err != nil {
		return "", connector.Errorf(connector.ReasonInternal, "the input cannot be written as JSON: %w", err)
	}
	sum := sha256.Sum256(content)
	return base64.RawURLEncoding.EncodeToString(sum[:15]), nil
}
