package hosttest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/grpc/status"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// errorCases are about calls that must fail, and how.
func errorCases() []Case {
	read := []Need{NeedTenant, NeedRead}
	return []Case{
		{"errors", "detail", "Every failed call carries one ErrorDetail, under the gRPC code of its reason.", read, errorsHaveDetail},
		{"errors", "request-id", "A failed call tells the request id that it was given.", read, errorsHaveID},
		{"errors", "text", "A failed call says what failed, in a text of bounded length.", read, errorsHaveText},
		{"errors", "unknown-action", "An action that is not in the manifest is not found.", []Need{NeedTenant}, unknownAction},
		{"errors", "wrong-mode", "An action is not run by the call of another mode.", read, wrongMode},
		{"errors", "malformed-input", "An input that is no JSON is refused as the caller's fault.", read, malformedInput},
		{"errors", "invalid-input", "An input of another type is refused as the caller's fault.", read, invalidInput},
		{"errors", "pointers", "What is wrong with an input is told by JSON Pointers.", read, violationPointers},
		{"errors", "robust", "No input, however strange, makes the connector's code fail.", read, robust},
		{"errors", "malformed-settings", "Settings that are no JSON are refused.", nil, malformedSettings},
		{"errors", "empty-settings", "Settings without anything are refused if the connection schema demands something.", nil, emptySettings},
		{"errors", "credentials", "A check with wrong secrets fails as the fault of the credentials.", []Need{NeedTenant, NeedSecret}, wrongCredentials},
	}
}

// failing returns the errors of calls that must fail, by what was done.
func (t *trial) failing(id string) map[string]error {
	in, s := t.start(), t.sampleOf(NeedRead)
	c := t.open(in, 0)
	call := &connectorv1.CallContext{Handle: c.handle, RequestId: id}
	failures := map[string]error{}
	_, failures["a malformed input"] = in.Execute(t.ctx, &connectorv1.ExecuteRequest{Call: call, Action: s.action.ID, Input: []byte("{")})
	_, failures["an unknown action"] = in.Execute(t.ctx, &connectorv1.ExecuteRequest{Call: call, Action: noAction, Input: s.Input})
	_, failures["a description of an unknown action"] = in.DescribeAction(t.ctx, &connectorv1.DescribeActionRequest{
		Call: call, Action: noAction,
	})
	_, failures["an unknown handle"] = in.Execute(t.ctx, &connectorv1.ExecuteRequest{
		Call: &connectorv1.CallContext{Handle: "none", RequestId: id}, Action: s.action.ID, Input: s.Input,
	})
	stream, err := in.Download(t.ctx, &connectorv1.DownloadRequest{Call: call, Action: noAction})
	if err == nil {
		_, err = stream.Recv()
	}
	failures["a download of an unknown action"] = err
	for what, err := range failures {
		if err == nil {
			delete(failures, what) // other cases tell
		}
	}
	return failures
}

func errorsHaveDetail(t *trial) {
	for what, err := range t.failing("kit-1") {
		if n := len(status.Convert(err).Details()); n != 1 || len(details(err)) != 1 {
			t.errorf("the error of %s has %d details, %d of them an ErrorDetail", what, n, len(details(err)))
			continue
		}
		due := status.Code(wire.ToStatus(wire.FromStatus(err), ""))
		if details(err)[0].GetReason() == connectorv1.ErrorReason_ERROR_REASON_UNSPECIFIED || status.Code(err) != due {
			t.errorf("the error of %s has reason %s and code %s", what, details(err)[0].GetReason(), status.Code(err))
		}
	}
}

func errorsHaveID(t *trial) {
	const id = "kit-request-7"
	for what, err := range t.failing(id) {
		for _, d := range details(err) {
			if d.GetRequestId() != id {
				t.errorf("the error of %s has the request id %q", what, d.GetRequestId())
			}
		}
	}
}

// maxErrorText is the longest text of an error, in bytes: those of package
// plugin end at 2 KiB and a mark.
const maxErrorText = 2100

func errorsHaveText(t *trial) {
	for what, err := range t.failing(strings.Repeat("long-", 1000)) {
		message := status.Convert(err).Message()
		if strings.TrimSpace(message) == "" || len(message) > maxErrorText {
			t.errorf("the message of %s has %d bytes", what, len(message))
		}
		for _, d := range details(err) {
			if len(d.GetHint()) > maxErrorText || len(d.GetViolations()) > connector.MaxViolations {
				t.errorf("the error of %s has a hint of %d bytes and %d violations", what, len(d.GetHint()), len(d.GetViolations()))
			}
		}
	}
}

func unknownAction(t *trial) {
	c := t.open(t.start(), 0)
	_, err := c.execute(t.ctx, sample{action: connector.Action{ID: noAction}, Sample: Sample{Input: []byte("{}")}})
	t.refused("an unknown action", err, connector.ReasonNotFound)
}

func wrongMode(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	d := c.download(t.ctx, s)
	t.refused("a download by "+s.action.ID, d.err, connector.ReasonUnsupported)
	_, err := c.upload(t.ctx, s, wholeUpload("{}\n", 100))
	t.refused("an upload by "+s.action.ID, err, connector.ReasonUnsupported)
	for _, a := range t.manifest.Actions {
		if a.Mode != connector.ModeExecute {
			_, err := c.execute(t.ctx, sample{action: a, Sample: Sample{Input: []byte("{}")}})
			t.refused("executing "+a.ID, err, connector.ReasonUnsupported)
		}
	}
}

// blames fails the case unless an error is the caller's and never retried.
func (t *trial) blames(e *connector.Error, who connector.Origin) {
	if e.Origin != who {
		t.errorf("the error's origin is %q and not %q: %s", e.Origin, who, e.Message)
	}
}

func malformedInput(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	for _, input := range []string{`{`, `{"a":}`, `nul`, "{}{}", "\xff"} {
		s.Input = []byte(input)
		_, err := c.execute(t.ctx, s)
		t.blames(t.refusal(fmt.Sprintf("the input %q", input), err, connector.ReasonInvalidInput), connector.OriginCaller)
	}
}

func invalidInput(t *trial) {
	c, s := t.open(t.start(), 0), t.sampleOf(NeedRead)
	for _, input := range []string{`null`, `[]`, `"text"`, `7`, `true`} {
		s.Input = []byte(input)
		_, err := c.execute(t.ctx, s)
		t.blames(t.refusal("the input "+input, err, connector.ReasonInvalidInput), connector.OriginCaller)
	}
}

// spoilt returns inputs that are each wrong in one property: of another type.
func spoilt(document []byte) map[string][]byte {
	var root struct {
		Properties map[string]struct {
			Type any `json:"type"`
		} `json:"properties"`
	}
	_ = json.Unmarshal(document, &root)
	wrong := map[any]any{"string": 7, "integer": "seven", "number": "seven", "boolean": "yes", "array": "list", "object": "map"}
	inputs := map[string][]byte{}
	for name, property := range root.Properties {
		value := wrong[property.Type]
		if data, err := json.Marshal(map[string]any{name: value}); err == nil && value != nil {
			inputs["/"+jsonpointer.Token(name)] = data
		}
	}
	return inputs
}

func violationPointers(t *trial) {
	c := t.open(t.start(), 0)
	form := regexp.MustCompile(`^(/([^~/]|~[01])*)*$`)
	tried := 0
	for _, a := range t.manifest.Actions {
		if a.Mode != connector.ModeExecute {
			continue
		}
		for pointer, input := range spoilt(t.static[a.ID].GetInputSchema()) {
			tried++
			_, err := c.execute(t.ctx, sample{action: a, Sample: Sample{Input: input}})
			e := t.refusal("a wrong "+pointer+" of "+a.ID, err, connector.ReasonInvalidInput)
			found := false
			for _, v := range e.Violations {
				found = found || v.Pointer == pointer || strings.HasPrefix(v.Pointer, pointer+"/")
				if !form.MatchString(v.Pointer) || v.Message == "" {
					t.errorf("%s: the violation at %q says %q", a.ID, v.Pointer, v.Message)
				}
			}
			if !found {
				t.errorf("%s: no violation points to %s", a.ID, pointer)
			}
		}
	}
	if tried == 0 {
		t.skipf("no action has a property of one type")
	}
}

// strange are inputs that have ended programs.
func strange() []string {
	return []string{
		`{}`, `{"":{}}`, `{"a":null}`, `{"__proto__":1}`, `{"a":1,"a":2}`, `{"n":1e999}`, `{"n":123456789012345678901234567890}`,
		`{"s":"\u0000\ud800"}`, `{"s":"` + strings.Repeat("x", 100_000) + `"}`,
		strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000), strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000),
	}
}

func robust(t *trial) {
	in := t.start()
	c := t.open(in, 0)
	for _, a := range t.manifest.Actions {
		inputs := strange()
		for _, input := range spoilt(t.static[a.ID].GetInputSchema()) {
			inputs = append(inputs, string(input))
		}
		for _, input := range inputs {
			_, err := in.Execute(t.ctx, &connectorv1.ExecuteRequest{Call: c.call(), Action: a.ID, Input: []byte(input), DryRun: true})
			if err == nil {
				continue
			}
			switch e := connector.AsError(wire.FromStatus(err)); e.Reason {
			case connector.ReasonPluginPanic, connector.ReasonInternal, connector.ReasonPluginExited:
				t.errorf("%s failed with %s on the input %.60q: %s", a.ID, e.Reason, input, e.Message)
			default:
			}
		}
	}
	t.probe(in)
}

// opening opens with settings that must be refused.
func (t *trial) opening(what, settings string) {
	_, err := t.start().OpenConnection(t.ctx, &connectorv1.OpenConnectionRequest{Tenant: "kit", Settings: []byte(settings)})
	t.blames(t.refusal("opening a connection with "+what, err, connector.ReasonInvalidConnection), connector.OriginCaller)
}

func malformedSettings(t *trial) {
	t.opening("settings that are no JSON", `{"`)
	t.opening("settings that are a list", `[]`)
}

func emptySettings(t *trial) {
	var root struct {
		Required []string `json:"required"`
	}
	if _ = json.Unmarshal(t.manifest.ConnectionSchema, &root); len(root.Required) == 0 {
		t.skipf("the connection schema demands nothing")
	}
	t.opening("empty settings", `{}`)
}

func wrongCredentials(t *trial) {
	in, tenant := t.start(), t.profile.Tenants[0]
	tenant.Settings = withSecrets(tenant.Settings, invented)
	c := t.openWith(in, tenant)
	_, err := in.CheckConnection(t.ctx, &connectorv1.CheckConnectionRequest{Call: c.call()})
	e := t.refusal("a check with wrong secrets", err, connector.ReasonAuthFailed, connector.ReasonUnsupported)
	if e.Reason == connector.ReasonUnsupported {
		t.skipf("the connector checks no connections")
	}
	t.blames(e, connector.OriginCaller)
	if e.Retry == connector.RetryLater {
		t.errorf("the error says that the same credentials may do later")
	}
}
