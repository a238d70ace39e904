package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// printJSON writes a value to stdout, indented.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// writeIndented writes JSON with its keys and numbers as they are.
func writeIndented(w io.Writer, raw json.RawMessage) error {
	if len(raw) == 0 {
		raw = json.RawMessage("null")
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return fmt.Errorf("the connector's output is not JSON: %w", err)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// exportable refuses an --output that an export, which takes its name only when
// it is complete, cannot replace.
func exportable(path string) error {
	if path == "" {
		return nil
	}
	if err := hasFolder("output", path); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // an error means that there is nothing to replace
		return wrongUsage("--output %s: an export is written to a regular file only; use > %s", path, path)
	}
	return nil
}

// resultFile takes the result of an action. It is opened before the action
// runs, so that a write is not made whose result has no place to go.
type resultFile struct {
	*os.File

	// pending is set as long as the file was made for a result that has not
	// come.
	pending bool
}

func openResult(flag, path string) (*resultFile, error) {
	_, err := os.Stat(path)
	missing := errors.Is(err, os.ErrNotExist)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600) //nolint:gosec // the person at the command line names it
	if err != nil {
		return nil, wrongUsage("--%s %s: %v", flag, path, withoutPath(err))
	}
	return &resultFile{File: f, pending: missing}, nil
}

// keep replaces what the file holds by JSON, indented.
func (r *resultFile) keep(raw json.RawMessage) error {
	var b bytes.Buffer
	if err := writeIndented(&b, raw); err != nil {
		return err
	}
	return r.write(b.Bytes())
}

// write replaces what the file holds.
func (r *resultFile) write(data []byte) error {
	if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
		if err := r.Truncate(0); err != nil {
			return err
		}
	}
	if _, err := r.Write(data); err != nil {
		return err
	}
	r.pending = false
	return nil
}

// done closes the file. One that was made in vain is removed.
func (r *resultFile) done() {
	_ = r.Close()
	if r.pending {
		_ = os.Remove(r.Name())
	}
}
