package actions_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// clocked is a connection whose connector's time stands until it is moved.
type clocked struct {
	tenant *sandbox.Tenant
	conn   *host.Connection
	now    atomic.Pointer[time.Time]
}

func connectClocked(t *testing.T, seed sandbox.Seed) *clocked {
	t.Helper()
	c := &clocked{tenant: sandbox.New(seed, &sandbox.Options{Limits: &sandbox.Limits{}})}
	begun := time.Date(2026, 12, 15, 10, 0, 0, 0, time.UTC)
	c.now.Store(&begun)
	server := httptest.NewServer(c.tenant)
	t.Cleanup(server.Close)
	p := actionstest.HostWith(t, actions.Options{Clock: func() time.Time { return *c.now.Load() }}, nil)
	c.conn = actionstest.Open(t, p, c.tenant, server.URL, nil)
	return c
}

func (c *clocked) pass(d time.Duration) {
	later := c.now.Load().Add(d)
	c.now.Store(&later)
}

// described counts the questions about objects.
func (c *clocked) described() int {
	n := 0
	for _, r := range c.tenant.Requests() {
		if strings.HasSuffix(r.Path, "/describe") {
			n++
		}
	}
	return n
}

func (c *clocked) describe(t *testing.T, req connector.DescribeRequest) connector.Description {
	t.Helper()
	req.Action = "cta.create"
	d, err := c.conn.Describe(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (c *clocked) expect(t *testing.T, described int) {
	t.Helper()
	if n := c.described(); n != described {
		t.Errorf("the tenant was asked for objects %d times, want %d", n, described)
	}
}

// ofGlobex is a CTA that globex takes as far as its metadata tell, without the
// custom field that it demands all the same.
const ofGlobex = `{"records":[{"Name":"Late parts","CompanyName":"Fjord Power","OwnerEmail":"olga.peters@example.com",
	"DueDate":"2026-12-15","type":"Risk","reason":"Usage","status":"New","priority":"High"}]}`

func TestRefreshAsksAnew(t *testing.T) {
	t.Parallel()
	c := connectClocked(t, sandbox.Acme())
	first := c.describe(t, connector.DescribeRequest{})
	c.pass(time.Minute)
	c.describe(t, connector.DescribeRequest{})
	c.expect(t, 1)
	again := c.describe(t, connector.DescribeRequest{Refresh: true, IfNoneMatch: first.ETag})
	c.expect(t, 2)
	if !again.NotModified || !again.FetchedAt.After(first.FetchedAt) {
		t.Errorf("not modified is %v, read at %v after %v", again.NotModified, again.FetchedAt, first.FetchedAt)
	}
	if _, err := c.conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.update", Refresh: true}); err != nil {
		t.Fatal(err)
	}
	c.expect(t, 2) // the same object, asked for just now
}

// TestColdListDescribesOnce: the values of rows, the schema of rows and that of
// records come from one question.
func TestColdListDescribesOnce(t *testing.T) {
	t.Parallel()
	c := connectClocked(t, sandbox.Acme())
	_, output := actionstest.Run(t, c.conn, "cta.list", `{"select":["Name","DueDate"],"limit":5}`)
	if rows, _ := output["records"].([]any); len(rows) != 5 {
		t.Fatalf("%d rows, want 5", len(rows))
	}
	c.expect(t, 1)
	if _, err := c.conn.Describe(t.Context(), connector.DescribeRequest{Action: "cta.list"}); err != nil {
		t.Fatal(err)
	}
	c.describe(t, connector.DescribeRequest{})
	c.expect(t, 1)
}

// TestRefusalAsksAnew: a write that fits what is known and is refused for its
// fields makes the next call look again, but not every call.
func TestRefusalAsksAnew(t *testing.T) {
	t.Parallel()
	c := connectClocked(t, sandbox.Globex())
	write := func() {
		t.Helper()
		result, _ := actionstest.Run(t, c.conn, "cta.create", ofGlobex)
		if result.Records.Failed != 1 {
			t.Fatalf("the record was not refused: %s", result.Output)
		}
	}
	write()
	write()
	c.expect(t, 1) // what is known is a moment old
	c.pass(time.Minute)
	write()
	c.expect(t, 1)
	write()
	write()
	c.expect(t, 2)
}

// TestOutageOfMetadata: what is known of a tenant that does not describe its
// objects any more still serves.
func TestOutageOfMetadata(t *testing.T) {
	t.Parallel()
	c := connectClocked(t, sandbox.Acme())
	before := c.describe(t, connector.DescribeRequest{})
	c.tenant.Inject(sandbox.Fault{Path: "/v1/meta", Kind: sandbox.FaultUnavailable})
	c.tenant.Inject(sandbox.Fault{Path: "/v2/cockpit/admin", Kind: sandbox.FaultUnavailable})
	c.pass(24 * time.Hour)
	result, _ := actionstest.Run(t, c.conn, "cta.create", `{"records":[{"Name":"Adoption is falling","CompanyName":"Aurora Labs",
		"OwnerEmail":"ada.berg@example.com","DueDate":"2026-12-15","type":"Risk","reason":"Bugs Risk","status":"New","priority":"High"}]}`)
	if result.Records.Succeeded != 1 {
		t.Errorf("the record was not written: %s", result.Output)
	}
	after := c.describe(t, connector.DescribeRequest{})
	if after.ETag != before.ETag || !after.FetchedAt.Equal(before.FetchedAt) {
		t.Error("the schema has changed, or claims to be younger than it is")
	}
	told := false
	for _, d := range after.Diagnostics {
		told = told || strings.Contains(d.Summary, "reading them again failed")
	}
	if !told {
		t.Errorf("diagnostics %v do not say that the metadata are old", after.Diagnostics)
	}
}

// TestShortFormOfACustomLookup: a person is named by e-mail in any field that
// points to users.
func TestShortFormOfACustomLookup(t *testing.T) {
	t.Parallel()
	tenant := sandbox.New(sandbox.Acme(), nil)
	conn := actionstest.Connect(t, tenant, nil)
	const record = `{"records":[{"Name":"Adoption is falling","CompanyName":"Aurora Labs","OwnerEmail":"ada.berg@example.com",
		"DueDate":"2026-12-15","type":"Risk","reason":"Bugs Risk","status":"New","priority":"High",
		"Executive_SponsorEmail":"%s","PartnerName":"Blue Harbor"}]}`
	result, output := actionstest.Run(t, conn, "cta.create", strings.Replace(record, "%s", "hugo.ito@example.com", 1))
	if result.Records.Succeeded != 1 {
		t.Fatalf("the record was not written: %v", output)
	}
	_, output = actionstest.Run(t, conn, "cta.list", `{"select":["Executive_Sponsor__gr.Email","Partner__gr.Name"],
		"where":{"conditions":[{"name":"Name","operator":"EQ","value":["Adoption is falling"]}]}}`)
	text, err := json.Marshal(output["records"])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"hugo.ito@example.com", "Blue Harbor"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	result, _ = actionstest.Run(t, conn, "cta.create", strings.Replace(record, "%s", "nobody@example.com", 1))
	if result.Records.Failed != 1 {
		t.Error("a user who does not exist was found")
	}
}
