package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// openInput opens the input of an action: a file, "-" for stdin, or an empty
// JSON object if there is none.
func (a *app) openInput(path string) (io.ReadCloser, error) {
	switch path {
	case "":
		return io.NopCloser(strings.NewReader("{}")), nil
	case "-":
		if a.isTerminal(a.stdin) {
			_, _ = fmt.Fprintln(a.stderr, "reading the input from the terminal: end it with Ctrl-D, or Ctrl-Z and Enter on Windows")
		}
		return io.NopCloser(a.stdin), nil
	}
	return os.Open(path) //nolint:gosec // the person at the command line names it
}

// readInput reads the whole input, at most limit bytes. It returns when ctx
// ends, even if nothing comes from stdin; the read that waits then ends with the
// process.
func (a *app) readInput(ctx context.Context, path string, limit int) (json.RawMessage, error) {
	content, err := a.openInput(path)
	if err != nil {
		return nil, err
	}
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { _ = content.Close() }()
		data, err := io.ReadAll(io.LimitReader(content, int64(limit)+1))
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		switch {
		case r.err != nil:
			return nil, fmt.Errorf("reading --input %s: %w", path, r.err)
		case len(bytes.TrimSpace(r.data)) == 0:
			return nil, emptyFile("input", path)
		case len(r.data) > limit:
			return nil, connector.Errorf(connector.ReasonTooLarge, "--input %s has more than the %s bytes that the connector takes", path, count(limit)).
				WithHint("send less at once")
		}
		return bytes.TrimPrefix(r.data, []byte(byteOrderMark)), nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, connector.Errorf(connector.ReasonDeadlineExceeded, "reading the input took too long: %w", ctx.Err())
		}
		return nil, connector.Errorf(connector.ReasonCanceled, "reading the input was cancelled: %w", ctx.Err())
	}
}
