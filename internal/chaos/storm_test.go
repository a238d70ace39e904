//go:build unix

package chaos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// deadline is that of every call. None comes near it unless it hangs.
const deadline = 2 * time.Minute

// patience is how long calls are begun at most: a machine that is busy with
// other things makes fewer of them.
const patience = 30 * time.Second

// workers is how many calls run at once.
const workers = 8

// weather says how hard a storm is.
type weather struct {
	// calls that are made.
	calls int
	// kill and stop are how many calls there are to one SIGKILL and one
	// SIGSTOP, on average. 0: there is none.
	kill, stop int
	// front stands before the tenant. Nil: nothing does.
	front func(tenant http.Handler) http.Handler
}

// storm is a supervised connector, a tenant and the calls between them.
type storm struct {
	t       *testing.T
	weather weather
	seed    uint64
	tenant  *sandbox.Tenant
	server  *httptest.Server
	host    *supervise.Supervisor
	conn    *supervise.Connection
	account *account

	pid       atomic.Int64
	processes sync.Map // every one that there was, by its id
	running   sync.Map // every call that has not ended, by its name

	// undisturbed is what downloads deliver when all is calm, by their input.
	undisturbed map[string]string
	// doomed are the activities that are there to be deleted, and left those of
	// them that no call has taken yet.
	doomed []string
	left   chan doomed
}

// doomed is an activity by its two ids.
type doomed struct{ externalID, id string }

// newStorm has a connector running and everything ready for the first call.
func newStorm(t *testing.T, w weather) *storm {
	t.Helper()
	s := &storm{t: t, weather: w, seed: *seed, account: newAccount(), undisturbed: map[string]string{}}
	for s.seed == 0 {
		s.seed = rand.Uint64() //nolint:gosec // any load will do
	}
	t.Logf("-seed %d", s.seed)
	s.tenant = sandbox.New(sandbox.Acme(), &sandbox.Options{ExportRows: 2000, JobPolls: -1, Limits: &sandbox.Limits{}})
	var handler http.Handler = s.tenant
	if w.front != nil {
		handler = w.front(s.tenant)
	}
	s.server = httptest.NewServer(handler)
	t.Cleanup(s.server.Close)
	opts := &supervise.Options{Watch: s.watch}
	if w.stop > 0 {
		opts.Probe = supervise.Probe{Every: 100 * time.Millisecond, Timeout: time.Second, Misses: 2}
	}
	s.host = started(t, opts)
	s.conn = opened(t, s.host, s.tenant, s.server.URL, actionstest.Unlimited())
	s.prepare()
	return s
}

// started supervises the test binary as a connector.
func started(t *testing.T, opts *supervise.Options) *supervise.Supervisor {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	opts.Host.Env = []string{raceEnv}
	opts.Restart = supervise.Restart{Min: time.Millisecond, Max: 10 * time.Millisecond, Crashes: 1 << 20}
	if opts.Probe == (supervise.Probe{}) {
		opts.Probe.Every = -1 // a busy machine has a healthy process miss its probes
	}
	h, err := supervise.Start(t.Context(), self, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return h
}

// opened opens a connection to a tenant at an address, with settings beside
// these.
func opened(
	t *testing.T, h *supervise.Supervisor, tenant *sandbox.Tenant, address string, settings actionstest.Settings,
) *supervise.Connection {
	t.Helper()
	settings["base_url"], settings["auth"] = address, map[string]any{"type": "access_key"}
	config, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := h.Open(t.Context(), connector.Settings{
		Tenant: tenant.Name(), Config: config,
		Secrets: map[string]connector.Secret{"/auth/access_key": connector.NewSecret(tenant.AccessKey())},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func (s *storm) watch(t supervise.Transition) {
	s.pid.Store(int64(t.PID))
	if t.PID > 0 {
		s.processes.Store(t.PID, true)
	}
}

// prepare gets what the calls will need, while all is calm.
func (s *storm) prepare() {
	s.t.Helper()
	for _, call := range downloads(s.tenant) {
		var got strings.Builder
		if _, err := s.conn.Download(s.t.Context(), call, &got, nil); err != nil {
			s.t.Fatal(err)
		}
		s.undisturbed[string(call.Input)] = got.String()
	}
	const prefix = "doomed-"
	records := make([]map[string]any, s.weather.calls/20)
	for i := range records {
		records[i] = activity(prefix + strconv.Itoa(i))
	}
	job, err := s.upload(s.t.Context(), records)
	if err != nil {
		s.t.Fatal(err)
	}
	s.finish(job)
	s.left = make(chan doomed, len(records))
	for _, a := range s.tenant.Activities() {
		if id := fmt.Sprint(a["ExternalId"]); strings.HasPrefix(id, prefix) {
			s.left <- doomed{id, fmt.Sprint(a["activityId"])}
			s.doomed = append(s.doomed, id)
		}
	}
	if len(s.doomed) != len(records) {
		s.t.Fatalf("%d activities are there to be deleted, want %d", len(s.doomed), len(records))
	}
}

// rage makes calls, and returns how many when each has ended. No two rages of a
// storm have the same name.
func (s *storm) rage(name string, calls int) (made int) {
	s.t.Helper()
	var begun, ended atomic.Int64
	last := time.Now().Add(patience)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			c := &caller{
				storm: s, name: name + strconv.Itoa(w),
				rand: rand.New(rand.NewPCG(s.seed, uint64(w))), //nolint:gosec // any load will do
			}
			for ; begun.Add(1) <= int64(calls) && time.Now().Before(last); c.n++ {
				s.strike(c.rand)
				c.any()
				ended.Add(1)
			}
		})
	}
	over := make(chan struct{})
	go func() { all.Wait(); close(over) }()
	late := time.NewTimer(patience + 2*deadline)
	defer late.Stop()
	select {
	case <-over:
	case <-late.C:
		s.running.Range(func(call, _ any) bool { s.t.Errorf("%v hangs", call); return true })
		s.t.FailNow()
	}
	return int(ended.Load())
}

// strike may send the connector's process a signal, while the calls of others
// are wherever they are.
func (s *storm) strike(r *rand.Rand) {
	for _, strike := range []struct {
		signal syscall.Signal
		every  int
	}{{syscall.SIGKILL, s.weather.kill}, {syscall.SIGSTOP, s.weather.stop}} {
		if strike.every > 0 && r.IntN(strike.every) == 0 {
			if pid := int(s.pid.Load()); pid > 0 {
				_ = syscall.Kill(pid, strike.signal) // it may have ended meanwhile
			}
		}
	}
}

// end closes everything, so that nothing is under way any more, and holds the
// tenant's ledger against what was reported.
func (s *storm) end() (wrong []string) {
	s.t.Helper()
	if err := s.host.Close(); err != nil {
		s.t.Errorf("Close: %v", err)
	}
	s.server.Close()
	has := ledgerOf(s.tenant, s.doomed)
	s.t.Logf("%d records: %v", len(s.account.told), s.account.fates())
	return s.account.compare(has)
}

// TestStorm: whatever the process is doing when it is killed or stopped, every
// call ends and says what became of its records, and the tenant agrees.
func TestStorm(t *testing.T) {
	t.Parallel()
	w := weather{calls: 10_000, kill: 200, stop: 5000}
	if raceDetector || testing.Short() {
		w = weather{calls: 500, kill: 40, stop: 500}
	}
	s := newStorm(t, w)
	made := s.rage("w", w.calls)
	for _, record := range s.end() {
		t.Error(record)
	}
	processes := 0
	s.processes.Range(func(any, any) bool { processes++; return true })
	t.Logf("%d of %d calls, %d processes", made, w.calls, processes)
	if processes < made/w.kill/4 {
		t.Error("there was no storm")
	}
}

// call runs f under the deadline of every call. Whatever happens to the
// process, it is no other error than that.
func (s *storm) call(name string, f func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), deadline)
	defer cancel()
	s.running.Store(name, true)
	defer s.running.Delete(name)
	err := f(ctx)
	if err != nil && !errors.Is(err, connector.ReasonPluginExited) {
		s.t.Errorf("%s: %v, want %s", name, err, connector.ReasonPluginExited)
	}
	return err
}
