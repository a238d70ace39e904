package host

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// downloadOrder identifies what a download delivers. It holds no input, which
// may name people.
type downloadOrder struct {
	// Connector is the name of the connector.
	Connector string `json:"connector"`
	// Tenant is the name of the connection.
	Tenant string `json:"tenant"`
	// Action is the id of the action.
	Action string `json:"action"`
	// Input is the SHA-256 of the input without white space.
	Input string `json:"input"`
}

// inputDigest identifies an input, whatever its white space.
func inputDigest(input json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, input) != nil {
		b.Reset()
		b.Write(input) // what is not JSON, the connector will refuse
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}

// resumeFile is what is kept beside a part: whose part it is, and where and how
// to go on.
type resumeFile struct {
	downloadOrder
	connector.Checkpoint

	// SHA256 is that of the part up to the checkpoint, in hexadecimal.
	SHA256 string `json:"sha256"`
}

// readResumeFile returns nil if there is none.
func readResumeFile(path string) (*resumeFile, error) {
	content, err := os.ReadFile(path) //nolint:gosec // beside the file that the caller names
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is kept
	}
	if err != nil {
		return nil, err
	}
	r := &resumeFile{}
	if err := json.Unmarshal(content, r); err != nil {
		return nil, err
	}
	return r, nil
}

// write replaces the file as a whole, so that a host that is killed leaves the
// old one or the new one.
func (r *resumeFile) write(path string) error {
	content, err := json.Marshal(r)
	if err != nil {
		return err
	}
	next := path + ".next"
	if err := os.WriteFile(next, content, 0o600); err != nil {
		_ = os.Remove(next) // on a full disk, half of it may be there
		return err
	}
	return os.Rename(next, path)
}
