package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// maxBody bounds a request body, in bytes. The vendor's bound is UNKNOWN.
const maxBody = 10 << 20

// readBody reads the request's JSON into c.body. Bodies are declared as
// application/json (common.md 2.5, DOC); that anything else is refused, and
// the status of a malformed body, are INFERRED.
func (c *call) readBody(w http.ResponseWriter) (refusal answer, ok bool) {
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return c.badRequest("Content-Type must be application/json"), false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, c.request.Body, cmp.Or(c.route.most, maxBody)))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return c.refuseWith(http.StatusRequestEntityTooLarge, c.route.bad, "Request body is too large", c.noData()), false
	}
	if err != nil {
		return c.badRequest("Request body could not be read"), false
	}
	if !json.Valid(body) {
		return c.badRequest("Malformed JSON request body"), false
	}
	c.body = body
	return answer{}, true
}

// decode reads the body into v, keeping numbers as they were written. It
// reports false, and how to refuse, when a JSON type does not fit.
func (c *call) decode(v any) (refusal answer, ok bool) {
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	err := d.Decode(v)
	if mistyped := (*json.UnmarshalTypeError)(nil); errors.As(err, &mistyped) {
		return c.badRequest(fmt.Sprintf("Invalid value for %q: a JSON %s is not accepted", mistyped.Field, mistyped.Value)), false
	}
	if err != nil {
		return c.badRequest(err.Error()), false
	}
	return answer{}, true
}

// badRequest refuses a request that cannot be read, always with status 400.
func (c *call) badRequest(desc string) answer {
	return c.refuseWith(http.StatusBadRequest, c.route.bad, desc, c.noData())
}

// noData is the data of a refusal: {} for Cockpit (cta.md, DOC2 sample), null
// elsewhere (INFERRED).
func (c *call) noData() any {
	if c.route.bad == codeCockpitRequest {
		return struct{}{}
	}
	return nil
}
