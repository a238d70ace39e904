package cli

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/catalog"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// practice is what the acceptance kit needs to test this connector: two
// simulated tenants, and what their manifest does not tell.
type practice struct {
	servers []*tenantServer
}

// startPractice serves the tenants. Their limits are off: the kit makes more
// calls than a tenant allows.
func startPractice(ctx context.Context) (*practice, error) {
	p := &practice{}
	for _, seed := range []sandbox.Seed{sandbox.Acme(), sandbox.Globex()} {
		s, err := serveTenant(ctx, seed, "127.0.0.1:0", &sandbox.Options{Limits: &sandbox.Limits{}, JobPolls: -1, ExportRows: 20_000})
		if err != nil {
			return nil, errors.Join(err, p.close(context.WithoutCancel(ctx)))
		}
		p.servers = append(p.servers, s)
	}
	return p, nil
}

func (p *practice) close(ctx context.Context) error {
	var errs []error
	for _, s := range p.servers {
		errs = append(errs, s.close(ctx))
	}
	return errors.Join(errs...)
}

// marks are users that one tenant has and the other does not.
func marks() []string { return []string{"ada.berg@example.com", "olga.peters@example.com"} }

func (p *practice) profile(m connector.Manifest) (hosttest.Profile, error) {
	profile := hosttest.Profile{
		Address: "/base_url", Read: "user.list", Samples: map[string][]hosttest.Sample{},
		Omit: map[string]string{
			"bulk.status": "its input is the address of a job, which is another one every time",
			"bulk.chunk":  "its input is the address of a chunk, which is another one every time",
		},
	}
	for i, s := range p.servers {
		file := s.connection(gainsight.AuthAccessKey)
		config, err := json.Marshal(map[string]any{
			"tenant": file.Tenant, "base_url": file.BaseURL, "auth": map[string]any{"type": file.Auth.Type},
		})
		if err != nil {
			return hosttest.Profile{}, err
		}
		profile.Tenants = append(profile.Tenants, hosttest.Tenant{Mark: marks()[i], Settings: connector.Settings{
			Tenant: file.Tenant, Config: config,
			Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(file.Auth.AccessKey)},
		}})
	}
	var err error
	if profile.Samples["bulk.export"], err = exports(); err != nil {
		return hosttest.Profile{}, err
	}
	for _, a := range m.Actions {
		if a.Mode != connector.ModeUpload {
			continue
		}
		samples, err := uploads(a.ID)
		if err != nil {
			return hosttest.Profile{}, err
		}
		profile.Samples[a.ID] = samples
	}
	return profile, nil
}

// longExport has enough rows for a checkpoint.
const longExport = `{"objectName": "usage__gc", "select": ["Gsid", "Company__gc", "Recorded_At__gc", "CreatedBy", "Note__gc"]}`

// exports are the examples of an export and a long one.
func exports() ([]hosttest.Sample, error) {
	var samples []hosttest.Sample
	inputs, err := examples[json.RawMessage]("bulk.export")
	for _, input := range append(inputs, json.RawMessage(longExport)) {
		samples = append(samples, hosttest.Sample{Input: input})
	}
	return samples, err
}

// examples reads the examples of an action.
func examples[T any](action string) ([]T, error) {
	description, err := catalog.Connector(actions.Options{}).Describe(context.Background(), connector.DescribeRequest{Action: action})
	if err != nil {
		return nil, err
	}
	var document struct {
		Examples []T `json:"examples"`
	}
	err = json.Unmarshal(description.Input, &document)
	return document.Examples, err
}

// uploads makes samples of the examples of an action: there the records are in
// the input, as a dry run takes them, and an upload has them as its content.
func uploads(action string) ([]hosttest.Sample, error) {
	inputs, err := examples[map[string]json.RawMessage](action)
	if err != nil {
		return nil, err
	}
	var samples []hosttest.Sample
	for _, input := range inputs {
		content := input["records"]
		delete(input, "records")
		rest, err := json.Marshal(input)
		if err != nil {
			return nil, err
		}
		samples = append(samples, hosttest.Sample{Input: rest, Content: string(content), ContentType: "application/json"})
	}
	return samples, nil
}
