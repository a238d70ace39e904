package cli

import (
	"context"
	"io"
	"mime"
	"path/filepath"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// readable checks the files that a run reads.
func (x *execution) readable() error {
	if x.input == "-" && x.content == "-" {
		return wrongUsage("--input and --content cannot both be stdin")
	}
	for _, named := range []struct{ flag, path string }{{"input", x.input}, {"content", x.content}} {
		if named.path == "" || named.path == "-" {
			continue
		}
		if err := readable(named.flag, named.path); err != nil {
			return err
		}
	}
	return nil
}

// suits checks that there is a content for an upload, and for nothing else.
func (x *execution) suits(action connector.Action) error {
	switch upload := action.Mode == connector.ModeUpload; {
	case x.content == "" && upload && !x.dryRun:
		return &usageError{
			message: "--content FILE is missing: " + action.ID + " takes its records as a stream",
			hint:    "--input has what else there is to say, such as lookups",
		}
	case x.content != "" && !upload:
		return wrongUsage("--content is for uploads; the input of %s goes in --input", action.ID)
	case x.content != "" && x.dryRun:
		return wrongUsage("--content cannot be given to a dry run, which takes the records in \"records\" of --input")
	}
	return nil
}

// upload sends the content as it is read.
func (x *execution) upload(ctx context.Context, s *session) (connector.Result, error) {
	input, err := x.app.readInput(ctx, x.input, s.plugin.Limits().InlineBytes)
	if err != nil {
		return connector.Result{}, err
	}
	content, err := x.app.openInput(x.content)
	if err != nil {
		return connector.Result{}, err
	}
	defer func() { _ = content.Close() }()
	contentType := mime.TypeByExtension(filepath.Ext(x.content))
	if contentType == "" {
		contentType = "application/json"
	}
	p := x.app.progress(x.action)
	defer p.stop()
	return s.conn.Upload(ctx, x.call(input), contentType, io.TeeReader(content, p))
}
