package hosttest

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/wire"
	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// secretCases look for the secrets of the connections in all that a connector
// lets out.
func secretCases() []Case {
	secret := []Need{NeedTenant, NeedSecret}
	process := append([]Need{NeedProcess, NeedProcFS}, secret...)
	relayed := append([]Need{NeedRelay, NeedRead}, secret...)
	return []Case{
		{"secrets", "catalog", "No secret is in the manifest or in a schema.", secret, secretsInCatalog},
		{"secrets", "arguments", "No secret is in the arguments of the process or of one that it starts.", process, secretsInArguments},
		{"secrets", "environment", "No secret is in the environment of the process or of one that it starts.", process, secretsInEnvironment},
		{"secrets", "files", "No secret is in a file that the process holds open.", process, secretsInFiles},
		{"secrets", "log", "No secret is in the log, however calls end.", secret, secretsInLog},
		{"secrets", "refused-settings", "No secret is in the error of settings that are refused.", secret, secretsInRefusal},
		{"secrets", "refused-credentials", "No secret is in the error of credentials that are refused.", secret, secretsInCheck},
		{"secrets", "echoed", "No secret is in the error of a request that the tenant repeats in its answer.", relayed, secretsEchoed},
		{"secrets", "outputs", "No secret is in an output, a report, a remark or a dry run.", secret, secretsInOutputs},
		{"secrets", "addresses", "No secret is in the address of a request, where proxies log it.", relayed, secretsInAddresses},
		{"secrets", "last-words", "No secret is in what the process writes when it is made to crash.", append([]Need{NeedSignals}, process...), secretsInCrash},
		{"secrets", "values-in-errors", "No value of an input is in the error that refuses it.", []Need{NeedTenant}, valuesInErrors},
		{"secrets", "values-in-log", "No value of an input is in the log, however the call ends.", []Need{NeedTenant}, valuesInLog},
	}
}

// invented is a secret that no tenant knows.
const invented = "kit-canary-5e4dbeef-0a51"

// canary is a text that must not be found, and what it is.
type canary struct{ text, name string }

// minSecret is the length below which a secret is found by chance.
const minSecret = 8

// secrets returns the secrets of all connections.
func (s *suite) secrets() []canary {
	var all []canary
	for _, tenant := range s.profile.Tenants {
		all = append(all, s.secretsOf(tenant)...)
	}
	return all
}

// secretsOf returns the secrets of one connection.
func (*suite) secretsOf(tenant Tenant) []canary {
	var all []canary
	for pointer, secret := range tenant.Settings.Secrets {
		if text := secret.Reveal(); len(text) >= minSecret {
			all = append(all, canary{text, fmt.Sprintf("the secret %s of %s", pointer, tenant.Settings.Tenant)})
		}
	}
	return all
}

// find names the first canary in a text, in clear or in an encoding that is
// none to whoever reads it. Empty: there is none.
func find(text string, canaries []canary) string {
	for _, c := range canaries {
		for encoding, form := range map[string]string{
			"": c.text, " in base64": strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(c.text)), "="),
			" in base64url": base64.RawURLEncoding.EncodeToString([]byte(c.text)),
			" in hex":       hex.EncodeToString([]byte(c.text)), " as a query": url.QueryEscape(c.text),
		} {
			if strings.Contains(text, form) {
				return c.name + encoding
			}
		}
	}
	return ""
}

// clean fails the case if a text holds a secret.
func (t *trial) clean(where, text string) {
	if leak := find(text, append(t.secrets(), canary{invented, "a secret that the kit made up"})); leak != "" {
		t.errorf("%s holds %s", where, leak)
	}
}

// cleanError is clean for all that an error tells.
func (t *trial) cleanError(where string, err error) {
	if err == nil {
		return
	}
	e := connector.AsError(wire.FromStatus(err))
	text, marshalErr := e.MarshalJSON()
	if marshalErr != nil {
		t.fatalf("the kit could not write an error: %v", marshalErr)
	}
	t.clean(where, err.Error()+string(text))
}

// busy opens both connections of an instance, uses them and returns it.
func (t *trial) busy(in *instance) *instance {
	for number := range t.profile.Tenants[:min(2, len(t.profile.Tenants))] {
		c := t.open(in, number)
		if s, why := t.pick(NeedRead); why == "" {
			_, _ = c.execute(t.ctx, s)
		}
	}
	return in
}

func secretsInCatalog(t *trial) {
	in := t.busy(t.start())
	t.clean("the manifest", t.raw(in).String()+string(t.raw(in).GetConnectionSchema()))
	for number := range t.profile.Tenants[:min(2, len(t.profile.Tenants))] {
		c := t.open(in, number)
		for _, a := range t.manifest.Actions {
			d := t.describe(c, a.ID)
			t.clean("the description of "+a.ID, string(d.GetInputSchema())+string(d.GetOutputSchema())+d.GetEtag())
		}
	}
}

// proc reads a file that the system keeps of a process and of its children.
func (t *trial) proc(in *instance, name string) string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", in.pid, name))
	if err != nil {
		t.skipf("it cannot be read: %v", err)
	}
	for _, child := range children(in.pid) {
		of, _ := os.ReadFile("/proc/" + child + "/" + name) //nolint:gosec // a list of the system's own; it may have ended
		data = append(append(data, 0), of...)
	}
	return string(data)
}

func secretsInArguments(t *trial) {
	in := t.busy(t.start())
	t.clean("the list of arguments", t.proc(in, "cmdline"))
}

func secretsInEnvironment(t *trial) {
	in := t.busy(t.start())
	t.clean("the environment", t.proc(in, "environ"))
}

// maxFile bounds what is read of a file, in bytes.
const maxFile = 64 << 20

func secretsInFiles(t *trial) {
	in := t.busy(t.start())
	program, err := os.Stat(fmt.Sprintf("/proc/%d/exe", in.pid))
	if err != nil {
		t.skipf("it cannot be read: %v", err)
	}
	for _, d := range t.descriptors(in) {
		name, err := os.Readlink(d)
		info, statErr := os.Stat(d)
		// The program, which may be open as well, was there before the secrets.
		if err != nil || statErr != nil || !info.Mode().IsRegular() || info.Size() > maxFile || os.SameFile(info, program) {
			continue
		}
		data, err := os.ReadFile(d) //nolint:gosec // a list of the system's own
		if leak := find(string(data), t.secrets()); err == nil && leak != "" {
			t.errorf("the file %s holds %s", name, leak)
		}
	}
}

func secretsInLog(t *trial) {
	in := t.fresh()
	t.use(in)
	if t.profile.Address != "" && len(t.profile.Tenants) > 0 {
		c := t.open(in, 0)
		for _, b := range []behaviour{echo, drop, answer(http.StatusServiceUnavailable, nil, ""), truncate} {
			c.relay.behave(b)
			if s, why := t.pick(NeedRead); why == "" {
				_, _ = c.execute(t.ctx, s)
			}
		}
	}
	t.provokeWrongSettings(in)
	_ = in.stop()
	t.clean("the log", in.log.String()+in.stray.String())
}

// provokeWrongSettings opens with settings that cannot be used and returns the
// errors.
func (t *trial) provokeWrongSettings(in *instance) []error {
	var errs []error
	for _, config := range []string{`{"`, `[]`, `{}`, `{"` + invented + `":"` + invented + `"}`} {
		settings := withSecrets(t.profile.Tenants[0].Settings, invented)
		settings.Config = []byte(config)
		_, err := in.OpenConnection(t.ctx, wire.SettingsTo(settings))
		if config[1] != '"' || config == `{"` {
			errs = append(errs, err)
		}
	}
	strange := t.profile.Tenants[0].Settings
	strange.Secrets = map[string]connector.Secret{"/no/such/place": connector.NewSecret(invented)}
	_, err := in.OpenConnection(t.ctx, wire.SettingsTo(strange))
	return append(errs, err)
}

func secretsInRefusal(t *trial) {
	for _, err := range t.provokeWrongSettings(t.start()) {
		t.cleanError("the error", err)
	}
}

func secretsInCheck(t *trial) {
	in, tenant := t.start(), t.profile.Tenants[0]
	tenant.Settings = withSecrets(tenant.Settings, invented)
	c := t.openWith(in, tenant)
	_, err := in.CheckConnection(t.ctx, &connectorv1.CheckConnectionRequest{Call: c.call()})
	t.cleanError("the error of a check", err)
	if s, why := t.pick(NeedRead); why == "" {
		_, err := c.execute(t.ctx, s)
		t.cleanError("the error of a call", err)
	}
}

func secretsEchoed(t *trial) {
	c := t.open(t.start(), 0)
	c.relay.behave(echo)
	_, err := c.execute(t.ctx, t.sampleOf(NeedRead))
	t.cleanError("the error of a call", err)
	_, err = c.in.CheckConnection(t.ctx, &connectorv1.CheckConnectionRequest{Call: c.call()})
	t.cleanError("the error of a check", err)
}

func secretsInOutputs(t *trial) {
	c := t.open(t.start(), 0)
	resp, err := c.in.CheckConnection(t.ctx, &connectorv1.CheckConnectionRequest{Call: c.call()})
	if err == nil {
		t.clean("the report of a check", string(resp.GetReport())+fmt.Sprint(resp.GetDiagnostics()))
	}
	for _, a := range t.manifest.Actions {
		all, _ := t.samples(a)
		for _, s := range all[:min(1, len(all))] {
			dry, _ := c.in.Execute(t.ctx, &connectorv1.ExecuteRequest{Call: c.call(), Action: a.ID, Input: s.Input, DryRun: true})
			t.clean("a dry run of "+a.ID, string(dry.GetOutput())+fmt.Sprint(dry.GetDiagnostics()))
			if !a.Effect.Writes() {
				o, _ := c.run(t.ctx, s)
				t.clean("the output of "+a.ID, string(o.output)+fmt.Sprint(o.diagnostics))
			}
		}
	}
}

func secretsInAddresses(t *trial) {
	c := t.open(t.start(), 0)
	_, err := c.execute(t.ctx, t.sampleOf(NeedRead))
	t.must(err, "the call")
	for _, e := range c.relay.requests() {
		t.clean("the address of a request to "+e.path, e.address)
	}
}

func secretsInCrash(t *trial) {
	in := t.busy(t.fresh())
	if err := signalQuit(in.pid); err != nil {
		t.fatalf("the process could not be made to crash: %v", err)
	}
	ended := func() bool {
		ctx, cancel := context.WithTimeout(t.ctx, t.options.Patience)
		defer cancel()
		_, err := in.Probe(ctx, &connectorv1.ProbeRequest{})
		return err != nil
	}
	if !t.soon(ended) {
		t.skipf("the process goes on after SIGQUIT")
	}
	_ = in.stop()
	t.clean("what it wrote", in.log.String()+in.stray.String())
}

// valueCanary is a value that stands for what records hold.
const valueCanary = "kit-value-77aa01c3"

// canaryInputs are inputs that are wrong, or at least strange, and hold the
// canary.
func canaryInputs(document []byte) [][]byte {
	inputs := [][]byte{
		[]byte(`{"` + valueCanary + `":`), []byte(`"` + valueCanary + `"`), []byte(`["` + valueCanary + `"]`),
		[]byte(`{"records":["` + valueCanary + `"]}`), []byte(`{"records":[{"Name":["` + valueCanary + `"]}]}`),
	}
	for pointer := range spoilt(document) {
		inputs = append(inputs, []byte(`{"`+strings.TrimPrefix(pointer, "/")+`":["`+valueCanary+`"]}`),
			[]byte(`{"`+strings.TrimPrefix(pointer, "/")+`":{"a":"`+valueCanary+`"}}`))
	}
	return inputs
}

// provokeRefusals sends inputs that hold the canary to every action.
func (t *trial) provokeRefusals(in *instance, visit func(action string, err error)) {
	c := t.open(in, 0)
	for _, a := range t.manifest.Actions {
		for _, input := range canaryInputs(t.static[a.ID].GetInputSchema()) {
			_, err := in.Execute(t.ctx, &connectorv1.ExecuteRequest{Call: c.call(), Action: a.ID, Input: input, DryRun: true})
			visit(a.ID, err)
		}
	}
}

func valuesInErrors(t *trial) {
	t.provokeRefusals(t.start(), func(action string, err error) {
		if err == nil {
			return
		}
		e := connector.AsError(wire.FromStatus(err))
		if strings.Contains(e.Error()+e.Hint, valueCanary) {
			t.errorf("the error of %s quotes a value: %s", action, e.Error())
		}
	})
}

func valuesInLog(t *trial) {
	in := t.fresh()
	t.provokeRefusals(in, func(string, error) {})
	_ = in.stop()
	for _, line := range in.log.lines() {
		if strings.Contains(string(line), valueCanary) {
			t.fatalf("the log quotes a value: %.300s", line)
		}
	}
}
