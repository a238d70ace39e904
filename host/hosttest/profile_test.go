package hosttest_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/examples/notes"
	"github.com/gainsight-connector/gainsight-connector/host/hosttest"
)

func TestReadProfile(t *testing.T) {
	t.Parallel()
	m := connector.Manifest{ConnectionSchema: json.RawMessage(`{"type":"object","properties":{"key":{"type":"string","writeOnly":true}}}`)}
	tests := map[string]struct {
		profile string
		err     string
		reason  connector.Reason
	}{
		"good": {profile: `{"connections":[{"file":"home.json","mark":"m"}],"address":"/a","read":"r","omit":{"x":"y"},"skip":{"c/d":"e"}}`},
		"byte order mark": {
			profile: "\uFEFF" + `{"connections":[{"file":"home.json","mark":"m"}],"skip":{"c/d":"e"}}`,
		},
		"unknown field": {
			profile: `{"adress":"/a"}`, err: "/adress: is not a known property; did you mean address?", reason: connector.ReasonInvalidInput,
		},
		"unknown field of a sample": {
			profile: `{"samples":{"x":[{"imput":1}]}}`, err: "/samples/x/0/imput: is not a known property; did you mean input?",
			reason: connector.ReasonInvalidInput,
		},
		"not JSON":      {profile: `{`, err: "profile.json: malformed JSON at line 1, column 2", reason: connector.ReasonInvalidInput},
		"trailing data": {profile: `{} {}`, err: "column 4: expected nothing after the value", reason: connector.ReasonInvalidInput},
		"empty":         {profile: " \n", err: "profile.json: the file is empty", reason: connector.ReasonInvalidInput},
		"array":         {profile: `[]`, err: "(document): must be an object", reason: connector.ReasonInvalidInput},
		"null":          {profile: `null`, err: "(document): must be an object", reason: connector.ReasonInvalidInput},
		"wrong type":    {profile: `{"omit":{"x":1}}`, err: "/omit/x: must be a string", reason: connector.ReasonInvalidInput},
		"named twice":   {profile: `{"read":"a","read":"b"}`, err: "/read: occurs twice", reason: connector.ReasonInvalidInput},
		"no pointer":    {profile: `{"address":"a"}`, err: "/address: ", reason: connector.ReasonInvalidInput},
		"no such file": {
			profile: `{"connections":[{"file":"none.json"}]}`, err: "no such file", reason: connector.ReasonInvalidConnection,
		},
		"connection empty": {profile: `{"connections":[{}]}`, err: "/connections/0/file: ", reason: connector.ReasonInvalidInput},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, "profile.json"), tt.profile)
			write(t, filepath.Join(dir, "home.json"), `{"tenant":"home","key":"s3cret-enough"}`)
			p, err := hosttest.ReadProfile(filepath.Join(dir, "profile.json"))(m)
			if tt.err != "" {
				blamed := errors.Is(err, tt.reason) && connector.AsError(err).Origin == connector.OriginCaller
				if !blamed || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error = %v, want %s of the caller: %q", err, tt.reason, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Tenants) != 1 || p.Tenants[0].Mark != "m" || p.Skip["c/d"] != "e" {
				t.Fatalf("profile = %+v", p)
			}
			if p.Tenants[0].Settings.Secrets["/key"].Reveal() != "s3cret-enough" {
				t.Error("the secret was not taken out of the connection file")
			}
		})
	}
}

// What a profile says of actions, cases and settings that are not there is
// refused, with what may have been meant.
func TestProfileFits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*hosttest.Profile)
		want   connector.Violation
	}{
		"read": {
			func(p *hosttest.Profile) { p.Read = "note.lisst" },
			connector.Violation{Pointer: "/read", Message: `there is no action "note.lisst"; did you mean note.list?`},
		},
		"samples": {
			func(p *hosttest.Profile) { p.Samples = map[string][]hosttest.Sample{"note.imprt": nil} },
			connector.Violation{Pointer: "/samples/note.imprt", Message: `there is no action "note.imprt"; did you mean note.import or note.export?`},
		},
		"omit": {
			func(p *hosttest.Profile) { p.Omit = map[string]string{"zebra": "it is none"} },
			connector.Violation{Pointer: "/omit/zebra", Message: `there is no action "zebra"`},
		},
		"skip": {
			func(p *hosttest.Profile) { p.Skip = map[string]string{"lifecycle/handels": "it has none"} },
			connector.Violation{
				Pointer: "/skip/lifecycle~1handels", Message: `there is no case "lifecycle/handels"; did you mean lifecycle/handles?`,
			},
		},
		"address": {
			func(p *hosttest.Profile) { p.Address = "/adress" },
			connector.Violation{Pointer: "/address", Message: `the settings of "home" have no string at /adress; did you mean /address?`},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := profile(t)
			tt.change(&p)
			_, err := hosttest.Check(t.Context(), hosttest.Connector(notes.New, nil), &hosttest.Options{Profile: hosttest.Static(p)})
			if !errors.Is(err, connector.ReasonInvalidInput) {
				t.Fatalf("error = %v", err)
			}
			if diff := cmp.Diff([]connector.Violation{tt.want}, connector.AsError(err).Violations); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
