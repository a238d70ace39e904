package timeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// feed takes activities from a stream into one request of a bulk operation.
// All of them are checked, and the size of the request is known, before its
// first byte leaves.
type feed struct {
	endpoint string
	effect   connector.Effect
	update   bool
}

// started is the output: the job that the tenant runs.
type started struct {
	JobID   string `json:"jobId"`
	Records int    `json:"records"`
	Bytes   int64  `json:"bytes"`
}

// run is the actions' Upload.
func (f feed) run(ctx context.Context, c *actions.Call, in actions.Source) (any, error) {
	if err := checkType(in.ContentType()); err != nil {
		return nil, err
	}
	endpoint := c.Tenant.Client().Config().Endpoint(f.endpoint)
	body, err := newSpool(endpoint.BodyBytes)
	if err != nil {
		return nil, err
	}
	defer body.close()
	l := load{feed: f, call: c, body: body, most: endpoint.RecordsPerRequest, used: map[string]any{}}
	if err := l.fill(ctx, in); err != nil {
		return nil, err
	}
	content, err := body.finish(c.Spell(f.endpoint, c.Lookups(f.endpoint, l.used)), endpoint.Extra())
	if err != nil {
		return nil, err
	}
	req := gainsight.Request{Endpoint: f.endpoint, Content: content, Effect: f.effect, Query: l.query()}
	answer, err := c.Do(ctx, req)
	if err != nil {
		return nil, f.explain(err, body)
	}
	id, err := jobID(c, f.endpoint, answer)
	return started{JobID: id, Records: l.records, Bytes: content.Size()}, err
}

// checkType refuses a content that says itself that it is no JSON.
func checkType(contentType string) error {
	kind, _, err := mime.ParseMediaType(contentType)
	if contentType == "" || err == nil && (strings.Contains(kind, "json") || kind == "application/octet-stream" || kind == "text/plain") {
		return nil
	}
	return connector.Errorf(connector.ReasonInvalidInput, "the content is of another type than JSON").
		WithHint("Send one activity a line (application/x-ndjson), or a JSON array of them (application/json).")
}

// explain completes the error of a request whose records are not in memory:
// the tenant's words are cleared of their values, and a lost answer says what
// to do.
func (f feed) explain(err error, body *spool) error {
	if errors.Is(err, gainsight.ErrPlanned) {
		return err
	}
	e := *connector.AsError(err)
	if e.Downstream.Status != 0 {
		e.Message = body.conceal(e.Message)
	}
	if e.OutcomeUnknown && !f.update {
		e.Hint = "The job may run. Look for some of its ExternalIds with activity.read before you upload again; " +
			"activities that are there already would be refused, not doubled."
	}
	return &e
}

// load is one upload while it is read.
type load struct {
	feed
	call *actions.Call
	body *spool

	records    int
	most       int            // records that one request may have; 0: no limit is known
	used       map[string]any // a value under every name that some record has
	identifier string         // of an update: the field that finds its records
	violations []connector.Violation
}

// fill checks every record and puts it into the body. It reads on after a bad
// one, to tell of others as well, until there are too many to tell.
func (l *load) fill(ctx context.Context, in io.Reader) error {
	records := newRecordReader(in)
	for len(l.violations) < connector.MaxViolations {
		text, line, err := records.next()
		switch {
		case errors.Is(err, io.EOF):
			return l.filled()
		case errors.Is(err, errRecordTooLarge):
			l.wrong(line, connector.Violation{Message: fmt.Sprintf("is larger than %d bytes", maxRecord)})
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			if err := l.add(text, line); err != nil {
				return err
			}
		}
		l.records++
	}
	e := connector.Invalid(fmt.Sprintf("of the first %d records some are not valid; what follows was not looked at", l.records), l.violations)
	return e
}

// filled is what fill returns at the end of the content.
func (l *load) filled() error {
	switch {
	case l.most > 0 && l.records > l.most:
		return connector.Errorf(connector.ReasonTooLarge, "the content holds %d activities; the connection allows %d a request, and nothing was sent", l.records, l.most).
			WithHint("Upload the activities in several parts.")
	case len(l.violations) > 0:
		return connector.Invalid("the content is not valid; nothing was sent", l.violations)
	case l.records == 0:
		return connector.Errorf(connector.ReasonInvalidInput, "the content holds no activities").
			WithHint("Send one activity a line, or a JSON array of them. A dry run takes them in \"records\" of its input.")
	}
	return nil
}

// add takes one record. Its error ends the upload.
func (l *load) add(text []byte, line int) error {
	value, err := schema.Decode(text)
	if err != nil {
		e := connector.AsError(err)
		if len(e.Violations) == 0 {
			l.wrong(line, connector.Violation{Message: "is no JSON value: " + e.Message + ", counted within it"})
		}
		for _, v := range e.Violations {
			l.wrong(line, v)
		}
		return nil
	}
	record, ok := value.(map[string]any)
	if !ok {
		l.wrong(line, connector.Violation{Keyword: "type", Message: "must be an object"})
		return nil
	}
	violations := append(l.call.CheckRecord(l.records, record), l.found(record)...)
	for _, v := range violations {
		v.Pointer = strings.TrimPrefix(v.Pointer, l.pointer())
		l.wrong(line, v)
	}
	if len(l.violations) > 0 {
		return nil // it will not be sent
	}
	for name, v := range record {
		if v != nil {
			l.used[name] = true
		}
	}
	return l.body.add(l.call.Spell(l.endpoint, wire(record, l.call.Tenant.Client().Config().Dates(l.endpoint))), l.records)
}

// found holds a record of an update to the field by which the first one is
// found: one request has one such field.
func (l *load) found(record map[string]any) []connector.Violation {
	switch {
	case !l.update:
		return nil
	case l.identifier == "":
		for _, name := range identifiers() {
			if record[name] != nil {
				l.identifier = name
				break
			}
		}
	case record[l.identifier] == nil:
		return []connector.Violation{{
			Pointer: "/" + l.identifier, Message: "is required: the first record is found by it, and all of one upload are found in one way",
		}}
	}
	return nil
}

// query names the field by which an update finds its records.
func (l *load) query() url.Values {
	if !l.update {
		return nil
	}
	return identifierQuery(l.identifier)
}

func (l *load) pointer() string { return fmt.Sprintf("/records/%d", l.records) }

// wrong adds a violation of the record at hand.
func (l *load) wrong(line int, v connector.Violation) {
	v.Pointer = l.pointer() + v.Pointer
	v.Message = fmt.Sprintf("%s (line %d)", v.Message, line)
	l.violations = append(l.violations, v)
}
