package hosttest

import (
	"bytes"
	"context"
	"net/http"
	"sync"
)

// isolationCases are about two tenants in one process.
func isolationCases() []Case {
	marks := []Need{NeedTwoTenants, NeedMarks, NeedRead}
	relayed := []Need{NeedTwoTenants, NeedRelay, NeedRead}
	return []Case{
		{"isolation", "own-data", "Each of two connections reads its own tenant.", marks, ownData},
		{"isolation", "concurrent", "Each of two connections reads its own tenant while both are in use at once.", marks, ownDataAtOnce},
		{"isolation", "own-schemas", "The schemas of two tenants asked for at once are those asked for one by one.", []Need{NeedTwoTenants}, ownSchemas},
		{"isolation", "credentials", "No request to a tenant holds the other's secret.", append(relayed, NeedSecret), ownCredentials},
		{"isolation", "address", "No call on one connection sends a request to the other tenant.", relayed, ownAddress},
		{"isolation", "closed-neighbour", "A connection works on after the other is closed.", marks, closedNeighbour},
		{"isolation", "broken-neighbour", "A connection works while the other's tenant breaks every request.", relayed, brokenNeighbour},
		{"isolation", "slow-neighbour", "A connection works while a call of the other hangs.", relayed, slowNeighbour},
		{"isolation", "same-tenant", "A second connection to a tenant works on after the first is closed.", []Need{NeedTenant, NeedRead}, sameTenant},
	}
}

// both opens both tenants in one instance.
func (t *trial) both() (one, two *tenancy) {
	in := t.start()
	return t.open(in, 0), t.open(in, 1)
}

// readsOwn reads a tenant and fails the case unless its mark came and the
// other's did not. It may run in any goroutine.
func (t *trial) readsOwn(c, other *tenancy, s sample) {
	own, output, err := c.marked(t.ctx, s)
	switch {
	case err != nil:
		t.errorf("reading %s failed: %v", c.tenant.Settings.Tenant, err)
	case bytes.Contains(output, []byte(other.tenant.Mark)):
		t.errorf("reading %s brought the mark of %s", c.tenant.Settings.Tenant, other.tenant.Settings.Tenant)
	case !own:
		t.errorf("reading %s did not bring its mark", c.tenant.Settings.Tenant)
	}
}

func ownData(t *trial) {
	one, two := t.both()
	s := t.sampleOf(NeedRead)
	for range 2 {
		t.readsOwn(one, two, s)
		t.readsOwn(two, one, s)
	}
}

func ownDataAtOnce(t *trial) {
	one, two := t.both()
	s := t.sampleOf(NeedRead)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { t.readsOwn(one, two, s) })
		all.Go(func() { t.readsOwn(two, one, s) })
	}
	all.Wait()
}

func ownSchemas(t *trial) {
	one, two := t.both()
	action := t.described()
	alone := [][]byte{t.describe(one, action).GetInputSchema(), t.describe(two, action).GetInputSchema()}
	third, fourth := t.both()
	var all sync.WaitGroup
	for i, c := range []*tenancy{third, fourth, third, fourth} {
		all.Go(func() {
			resp, err := c.in.DescribeAction(t.ctx, describeRequest(c, action))
			if err != nil || !bytes.Equal(resp.GetInputSchema(), alone[i%2]) {
				t.errorf("the schema of %s for %s is another one when both are asked for at once: %v", action, c.tenant.Settings.Tenant, err)
			}
		})
	}
	all.Wait()
}

func ownCredentials(t *trial) {
	one, two := t.both()
	s := t.sampleOf(NeedRead)
	for _, c := range []*tenancy{one, two} {
		_, err := c.execute(t.ctx, s)
		t.must(err, "reading "+c.tenant.Settings.Tenant)
	}
	for _, pair := range [][2]*tenancy{{one, two}, {two, one}} {
		for _, e := range pair[0].relay.requests() {
			if leak := find(string(e.dump), t.secretsOf(pair[1].tenant)); leak != "" {
				t.fatalf("a request to %s holds %s", pair[0].tenant.Settings.Tenant, leak)
			}
		}
	}
}

func ownAddress(t *trial) {
	one, two := t.both()
	s := t.sampleOf(NeedRead)
	_, err := one.execute(t.ctx, s)
	t.must(err, "reading "+one.tenant.Settings.Tenant)
	if n := len(two.relay.requests()); n > 0 {
		t.errorf("%d requests went to %s", n, two.tenant.Settings.Tenant)
	}
	before := len(one.relay.requests())
	_, err = two.execute(t.ctx, s)
	t.must(err, "reading "+two.tenant.Settings.Tenant)
	if n := len(one.relay.requests()) - before; n > 0 {
		t.errorf("%d requests went to %s", n, one.tenant.Settings.Tenant)
	}
}

func closedNeighbour(t *trial) {
	one, two := t.both()
	s := t.sampleOf(NeedRead)
	t.readsOwn(one, two, s)
	t.shut(one)
	t.readsOwn(two, one, s)
}

func brokenNeighbour(t *trial) {
	one, two := t.both()
	s := t.sampleOf(NeedRead)
	one.relay.behave(answer(http.StatusUnauthorized, nil, "{}"))
	for range 3 {
		if _, err := one.execute(t.ctx, s); err == nil {
			t.errorf("reading %s succeeded although it refused every request", one.tenant.Settings.Tenant)
		}
		_, err := two.execute(t.ctx, s)
		t.must(err, "reading "+two.tenant.Settings.Tenant)
	}
}

func slowNeighbour(t *trial) {
	one, two := t.both()
	running := t.hang(t.ctx, one)
	ctx, cancel := context.WithTimeout(t.ctx, t.options.Patience)
	defer cancel()
	_, err := two.execute(ctx, t.sampleOf(NeedRead))
	t.must(err, "a call to "+two.tenant.Settings.Tenant+" while one to "+one.tenant.Settings.Tenant+" hangs")
	running.gate.open()
	t.must(<-running.done, "the call that hung for a while")
}

func sameTenant(t *trial) {
	in, s := t.start(), t.sampleOf(NeedRead)
	one, two := t.open(in, 0), t.open(in, 0)
	_, err := one.execute(t.ctx, s)
	t.must(err, "a call on the first connection")
	t.shut(one)
	_, err = two.execute(t.ctx, s)
	t.must(err, "a call on the second connection")
}
