package supervise_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

func TestRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFleet(t), &watched{}
		s := inMemory(t, f, &supervise.Options{Watch: w.take})
		c := open(t, s, nil)
		works(t, c)
		wantStates(t, w, supervise.Ready)

		f.newest().server.Stop()
		works(t, c) // as if nothing had happened
		wantStates(t, w, supervise.Backoff, supervise.Starting, supervise.Ready)
		if f.size() != 2 || f.newest().echo.opened.Load() != 1 {
			t.Errorf("%d processes, the last with %d connections; want 2 and 1", f.size(), f.newest().echo.opened.Load())
		}
		if got := s.State(); got != supervise.Ready {
			t.Errorf("State = %s", got)
		}
	})
}

func TestQuarantine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFleet(t), &watched{}
		var broken atomic.Bool
		broken.Store(true)
		f.make = func(n int) (plugin.Connector, error) {
			if n > 0 && broken.Load() {
				return nil, errors.New("no licence found")
			}
			return newEcho("1"), nil
		}
		s := inMemory(t, f, &supervise.Options{Watch: w.take})
		c := open(t, s, nil)
		f.newest().server.Stop()
		_, err := c.Execute(t.Context(), call(t, "echo.get", order{}))
		e := failed(t, err, connector.ReasonPluginExited)
		if !errors.Is(err, supervise.ErrQuarantined) || e.RequestID != "req-1" || e.RetryAfter != time.Minute || e.OutcomeUnknown {
			t.Errorf("error = %+v", e)
		}
		if !strings.Contains(e.Message, "no licence found") {
			t.Errorf("error %q does not say why", e.Message)
		}
		got := w.states()
		if n := len(got); got[n-1] != supervise.Quarantined || f.size() != 6 {
			t.Errorf("states = %v after %d starts, want 6 and then quarantine", got, f.size())
		}

		time.Sleep(61 * time.Second) // the trial fails
		wantStates(t, w, supervise.HalfOpen, supervise.Quarantined)
		broken.Store(false)
		time.Sleep(61 * time.Second)
		wantStates(t, w, supervise.HalfOpen, supervise.Ready)
		works(t, c)

		f.newest().server.Stop() // still on trial
		if _, err := c.Execute(t.Context(), call(t, "echo.get", order{})); !errors.Is(err, supervise.ErrQuarantined) {
			t.Errorf("error = %v, want %v", err, supervise.ErrQuarantined)
		}
		time.Sleep(3 * time.Minute) // passed
		w.states()
		f.newest().server.Stop()
		works(t, c)
		wantStates(t, w, supervise.Backoff, supervise.Starting, supervise.Ready)
	})
}

// A call waits for the next process as long as it may, and no longer.
func TestCallWaitsForItsDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := inMemory(t, f, &supervise.Options{Restart: supervise.Restart{Min: time.Hour, Max: time.Hour, Quarantine: time.Hour}})
		c := open(t, s, nil)
		for { // until the wait drawn is long enough
			f.newest().server.Stop()
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			_, err := c.Execute(ctx, call(t, "echo.get", order{}))
			cancel()
			if err == nil {
				continue
			}
			e := failed(t, err, connector.ReasonDeadlineExceeded)
			if took := time.Since(began); took != 10*time.Second || e.OutcomeUnknown || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("after %v: %+v", took, e)
			}
			if !strings.Contains(e.Message, "backoff") {
				t.Errorf("error %q does not say what it waited for", e.Message)
			}
			return
		}
	})
}

func TestWatchdog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFleet(t), &watched{}
		c := open(t, inMemory(t, f, &supervise.Options{Watch: w.take}), nil)
		time.Sleep(time.Minute)
		wantStates(t, w, supervise.Ready)
		began := time.Now()
		f.hung.Store(true)
		for f.size() == 1 {
			time.Sleep(time.Second)
		}
		f.hung.Store(false)
		if took := time.Since(began); took < 12*time.Second || took > 25*time.Second {
			t.Errorf("a process that hangs was ended after %v, want three probes and their waits", took)
		}
		if cause := w.last().Cause; cause == nil || !strings.Contains(cause.Error(), "3 probes in a row") {
			t.Errorf("cause = %v", cause)
		}
		works(t, c)
		if f.size() != 2 {
			t.Errorf("%d processes, want 2", f.size())
		}
	})
}

// A single miss, as of a machine that was busy, costs nothing.
func TestWatchdogForgives(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFleet(t), &watched{}
		inMemory(t, f, &supervise.Options{Watch: w.take})
		for range 5 {
			f.hung.Store(true)
			time.Sleep(8 * time.Second)
			f.hung.Store(false)
			time.Sleep(20 * time.Second)
		}
		wantStates(t, w, supervise.Ready)
	})
}

// A call that fails as if the process had ended does not end it for all others:
// it is looked at first.
func TestSuspicion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFleet(t), &watched{}
		c := open(t, inMemory(t, f, &supervise.Options{Watch: w.take}), nil)
		f.refusals.Store(1)
		works(t, c)
		f.refusals.Store(1)
		_, err := c.Execute(t.Context(), call(t, "echo.put", order{}))
		if e := failed(t, err, connector.ReasonPluginExited); !e.OutcomeUnknown || e.Hint == "" {
			t.Errorf("error = %+v", e)
		}
		works(t, c)
		wantStates(t, w, supervise.Ready)
	})
}

// A call that may have had its effect says so when it is made again.
func TestRepeatedCallSaysSo(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{"echo.get": `"false"`, "echo.set": `"true"`} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				c := open(t, inMemory(t, f, nil), nil)
				f.refusals.Store(1)
				again, err := c.Execute(t.Context(), call(t, action, order{Do: "repeated"}))
				if err != nil || string(again.Output) != want {
					t.Errorf("the second attempt has %s, %v; want %s", again.Output, err, want)
				}
				fresh, err := c.Execute(t.Context(), call(t, action, order{Do: "repeated"}))
				if err != nil || string(fresh.Output) != `"false"` {
					t.Errorf("the next call has %s, %v; want false", fresh.Output, err)
				}
			})
		})
	}
}

// A host with many processes does not start them all at once.
func TestStartsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		var running, most atomic.Int32
		f.make = func(int) (plugin.Connector, error) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
			return newEcho("1"), nil
		}
		s := inMemory(t, f, &supervise.Options{Starts: 2, Probe: supervise.Probe{Every: time.Second}})
		for range 5 {
			open(t, s, &supervise.ConnectionOptions{Dedicated: true})
		}
		for n := range 6 {
			f.process(n).server.Stop()
		}
		time.Sleep(time.Minute)
		if f.size() != 12 || most.Load() != 2 {
			t.Errorf("%d starts, at most %d at once; want 12 and 2", f.size(), most.Load())
		}
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, w := newFleet(t), &watched{}
		s := inMemory(t, f, &supervise.Options{Watch: w.take})
		c := open(t, s, nil)
		ran := make(chan error, 1)
		go func() {
			_, err := c.Execute(t.Context(), call(t, "echo.put", order{Do: "block"}))
			ran <- err
		}()
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		synctest.Wait()
		_, err := c.Execute(t.Context(), call(t, "echo.get", order{}))
		wantReason(t, err, connector.ReasonPluginExited)
		if s.State() != supervise.Draining {
			t.Errorf("State = %s", s.State())
		}
		close(f.newest().echo.leave)
		if err := <-ran; err != nil {
			t.Errorf("the running call: %v", err)
		}
		if err := <-closed; err != nil {
			t.Errorf("Close: %v", err)
		}
		wantStates(t, w, supervise.Ready, supervise.Draining, supervise.Stopped)
		_, err = s.Open(t.Context(), settings("x"), nil)
		wantReason(t, err, connector.ReasonPluginExited)
		_, err = s.Open(t.Context(), settings("x"), &supervise.ConnectionOptions{Dedicated: true})
		wantReason(t, err, connector.ReasonPluginExited)
		wantReason(t, s.UpgradeWith(t.Context()), connector.ReasonPluginExited)
	})
}

// Calls that run may end until DrainTimeout, which is more than the time that a
// process has to stop.
func TestRunningCallsMayEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]func(ctx context.Context, s *supervise.Supervisor) error{
		"upgrade": func(ctx context.Context, s *supervise.Supervisor) error { return s.UpgradeWith(ctx) },
		"close":   func(_ context.Context, s *supervise.Supervisor) error { return s.Close() },
	}
	for name, end := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				s := inMemory(t, f, &supervise.Options{DrainTimeout: 20 * time.Second})
				c := open(t, s, nil)
				ran := make(chan error, 1)
				go func() {
					_, err := c.Execute(t.Context(), call(t, "echo.put", order{Do: "block"}))
					ran <- err
				}()
				old := f.newest().echo
				<-old.started
				time.AfterFunc(10*time.Second, func() { close(old.leave) })
				began := time.Now()
				if err := end(t.Context(), s); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if took := time.Since(began); took != 10*time.Second {
					t.Errorf("%s took %v, want the time of the call", name, took)
				}
				if err := <-ran; err != nil {
					t.Errorf("the running call: %v", err)
				}
			})
		})
	}
}

// An upgrade waits for no pause to end, and what crashed before it counts no
// more.
func TestUpgradeEndsPause(t *testing.T) {
	t.Parallel()
	const borne = 2
	tests := map[string]struct {
		crashes int
		state   supervise.State
		refused error // of the call that found the last crash
	}{
		"backoff":    {crashes: borne, state: supervise.Backoff},
		"quarantine": {crashes: borne + 1, state: supervise.Quarantined, refused: supervise.ErrQuarantined},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				s := inMemory(t, f, &supervise.Options{Restart: supervise.Restart{
					Min: time.Minute, Max: time.Minute, Healthy: time.Hour, Crashes: borne, Window: time.Hour, Quarantine: time.Hour,
				}})
				c := open(t, s, nil)
				crash := func(want supervise.State) <-chan error {
					f.newest().server.Stop()
					found := make(chan error, 1)
					go func() {
						_, err := c.Execute(t.Context(), call(t, "echo.get", order{}))
						found <- err
					}()
					synctest.Wait()
					if got := s.State(); got != want {
						t.Errorf("State after a crash = %s, want %s", got, want)
					}
					return found
				}
				for range tc.crashes - 1 {
					if err := <-crash(supervise.Backoff); err != nil {
						t.Fatalf("a crash that is borne: %v", err)
					}
				}
				found, size, began := crash(tc.state), f.size(), time.Now()
				if err := s.UpgradeWith(t.Context()); err != nil {
					t.Fatalf("Upgrade: %v", err)
				}
				if err := <-found; !errors.Is(err, tc.refused) {
					t.Errorf("the call that waits: %v, want %v", err, tc.refused)
				}
				works(t, c)
				if took := time.Since(began); took != 0 || f.size() != size+1 {
					t.Errorf("the upgrade was in force after %v and %d starts, want at once and one", took, f.size()-size)
				}
				for range borne {
					if err := <-crash(supervise.Backoff); err != nil {
						t.Fatalf("a crash after the upgrade: %v", err)
					}
				}
				if err := <-crash(supervise.Quarantined); !errors.Is(err, supervise.ErrQuarantined) {
					t.Errorf("error = %v, want %v", err, supervise.ErrQuarantined)
				}
			})
		})
	}
}

func TestCloseDuringBackoffAndStart(t *testing.T) {
	t.Parallel()
	tests := map[string]func(n int) (plugin.Connector, error){
		"backoff": nil,
		"start": func(n int) (plugin.Connector, error) {
			if n == 0 {
				return newEcho("1"), nil
			}
			time.Sleep(5 * time.Second)
			return nil, errors.New("slow to fail")
		},
	}
	for name, launched := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f, w := newFleet(t), &watched{}
				f.make = launched
				long := supervise.Restart{Min: time.Hour, Max: time.Hour}
				if name == "start" {
					long = supervise.Restart{Min: time.Second, Max: time.Second}
				}
				s := inMemory(t, f, &supervise.Options{Watch: w.take, Probe: supervise.Probe{Every: time.Second}, Restart: long})
				for s.State() == supervise.Ready { // the wait drawn may have been short
					f.newest().server.Stop()
					time.Sleep(3 * time.Second)
				}
				if err := s.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
				if got := w.states(); !slices.Equal(got[len(got)-2:], []supervise.State{supervise.Draining, supervise.Stopped}) {
					t.Errorf("states = %v", got)
				}
			})
		})
	}
}

func TestFirstStartFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.make = func(int) (plugin.Connector, error) { return nil, errors.New("no licence found") }
		_, err := supervise.StartWith(t.Context(), nil, f.launch)
		if err == nil || !strings.Contains(err.Error(), "no licence found") || f.size() != 1 {
			t.Errorf("error = %v after %d starts, want one", err, f.size())
		}
	})
}
