package host_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// releases are how other releases of this module differ in what they agree on.
func releases() map[string]*strings.Replacer {
	const own = "return []int{ProtocolVersion}"
	return map[string]*strings.Replacer{
		"first":        strings.NewReplacer(),
		"second":       strings.NewReplacer(own, "return []int{2}"),
		"between":      strings.NewReplacer(own, "return []int{2, 1}"),
		"first, later": strings.NewReplacer(`FeatureResume = "download.resume"`, `FeatureResume = "download.seek"`),
	}
}

// build builds a peer of another release and returns its path.
func build(t *testing.T, name string, release *strings.Replacer) string {
	t.Helper()
	const protocol = "../internal/wire/protocol.go"
	text, err := os.ReadFile(protocol)
	if err != nil {
		t.Fatal(err)
	}
	changed := release.Replace(string(text))
	if (changed == string(text)) != (name == "first") {
		t.Fatalf("the release %q does not differ as it should", name)
	}
	place, err := filepath.Abs(protocol)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	own, path := filepath.Join(dir, "protocol.go"), filepath.Join(dir, "peer.exe")
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {place: own}})
	if err != nil {
		t.Fatal(err)
	}
	for file, data := range map[string]string{own: changed, filepath.Join(dir, "overlay.json"): string(overlay)} {
		if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", path, "./testdata/peer"}
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil { //nolint:gosec // a test's own files
		t.Fatalf("go build: %v: %s", err, out)
	}
	return path
}

// TestReleases: hosts and connectors of different releases find the version that
// both have, or say which side to upgrade.
func TestReleases(t *testing.T) {
	t.Parallel()
	paths := map[string]string{}
	for name, release := range releases() {
		paths[name] = build(t, name, release)
	}
	for host := range paths {
		for connector := range paths {
			t.Run(fmt.Sprintf("%s host, %s connector", host, connector), func(t *testing.T) {
				t.Parallel()
				want := "launched notes"
				switch {
				case strings.HasPrefix(host, "first") && connector == "second":
					want = "upgrade=host "
				case host == "second" && strings.HasPrefix(connector, "first"):
					want = "upgrade=connector "
				}
				cmd := exec.CommandContext(context.WithoutCancel(t.Context()), paths[host], paths[connector]) //nolint:gosec // built above
				cmd.Dir = t.TempDir()
				if out, _ := cmd.CombinedOutput(); !strings.HasPrefix(string(out), want) {
					t.Errorf("it says %q, want %q", out, want)
				}
			})
		}
	}
}
