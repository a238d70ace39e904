package sandbox_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

func TestSeedSizes(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]sandbox.Seed{"acme": sandbox.Acme(), "globex": sandbox.Globex()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, seed, &sandbox.Options{JobPolls: -1})
			if c.tenant.Name() != name || c.tenant.AccessKey() != "sandbox-"+name+"-access-key" {
				t.Errorf("got %q, %q", c.tenant.Name(), c.tenant.AccessKey())
			}
			for object, atLeast := range map[string]int{"company": 30, "gsuser": 12, "call_to_action": 60, "wide__gc": 1} {
				rows, _ := export(t, c, object, `{"select":["Gsid","Name"]}`)
				if len(rows)-1 < atLeast {
					t.Errorf("%s: %d records", object, len(rows)-1)
				}
				seen := map[string]bool{}
				for _, id := range columnOf(rows, 0) {
					if !regexp.MustCompile(`^1[A-Z]\d{2}[A-Z0-9]{32}$`).MatchString(id) || seen[id] {
						t.Errorf("%s: GSID %q", object, id)
					}
					seen[id] = true
				}
			}
			if n := len(getFields(t, c, "wide__gc")); n != 200 {
				t.Errorf("wide__gc has %d fields", n)
			}
		})
	}
}

func TestSeedsAreDeterministic(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]func() sandbox.Seed{"acme": sandbox.Acme, "globex": sandbox.Globex} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := newClient(t, seed(), nil), newClient(t, seed(), nil)
			if diff := cmp.Diff(a.tenant.CTAs(), b.tenant.CTAs()); diff != "" {
				t.Error(diff)
			}
			for _, object := range []string{"call_to_action", "company"} {
				if diff := cmp.Diff(getFields(t, a, object), getFields(t, b, object)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestSeedsDiffer(t *testing.T) {
	t.Parallel()
	a, g := acme(t, sandbox.Forms{}), newClient(t, sandbox.Globex(), nil)
	names := func(c *client, category string) string {
		var out []string
		for _, it := range at(t, c.ok("GET", configPath, "").body, "data", category).([]any) {
			out = append(out, at(t, it, "typeName").(string)+"/"+at(t, it, "name").(string))
		}
		return strings.Join(out, " ")
	}
	if got := names(g, "CTA_PRIORITY"); !strings.Contains(got, "Critical") || strings.Contains(names(a, "CTA_PRIORITY"), "Critical") {
		t.Errorf("globex priorities: %s", got)
	}
	if got := names(g, "CTA_REASON"); !strings.Contains(got, "Risk/Usage") || !strings.Contains(got, "Expansion/Usage") {
		t.Errorf("globex reasons do not repeat: %s", got)
	}
	fa, fg := getFields(t, a, "call_to_action"), getFields(t, g, "call_to_action")
	if fa["CompanyId"]["label"] == fg["CompanyId"]["label"] {
		t.Error("the label of CompanyId is the same")
	}
	for name, f := range fg {
		if _, both := fa[name]; both && at(t, f, "meta", "fieldGroupType") == "CUSTOM" {
			t.Errorf("both have the custom field %s", name)
		}
	}
}

// TestSeedShared shows that tenants of one seed are apart.
func TestSeedShared(t *testing.T) {
	t.Parallel()
	seed := sandbox.Acme()
	a := newClient(t, seed, nil)
	seed.Name, seed.AccessKey = "other", "sandbox-other-access-key"
	b := newClient(t, seed, nil)
	a.ok("POST", ctaPath, writeBody(goodCTA(nil)))
	a.ok("PUT", ctaPath, writeBody(map[string]any{"Gsid": gsid("1S01", "acme", 1), "Name": "Changed"}))
	if n := len(b.tenant.CTAs()); n != 60 || b.tenant.CTAs()[0]["Name"] == "Changed" {
		t.Errorf("one tenant's writes are in the other: %d CTAs", n)
	}
	if b.tenant.Name() != "other" {
		t.Errorf("got %q", b.tenant.Name())
	}
}
