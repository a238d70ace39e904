package supervise_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host/supervise"
)

// What becomes of a call whose process ends under it.
func TestProcessEndsDuringCall(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		action  string
		dryRun  bool
		repeats bool
	}{
		"read":             {action: "echo.get", repeats: true},
		"idempotent write": {action: "echo.set", repeats: true},
		"unsafe write":     {action: "echo.put"},
		"dry run":          {action: "echo.put", dryRun: true, repeats: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				c := open(t, inMemory(t, f, nil), nil)
				ran := make(chan error, 1)
				go func() {
					order := call(t, tc.action, order{Do: "block"})
					order.DryRun = tc.dryRun
					_, err := c.Execute(t.Context(), order)
					ran <- err
				}()
				<-f.newest().echo.started
				first := f.newest()
				first.server.Stop()
				if !tc.repeats {
					if e := failed(t, <-ran, connector.ReasonPluginExited); !e.OutcomeUnknown || e.RequestID != "req-1" {
						t.Errorf("error = %+v, want an unknown outcome", e)
					}
					works(t, c)
					return
				}
				for f.newest() == first {
					time.Sleep(time.Second)
				}
				<-f.newest().echo.started
				close(f.newest().echo.leave)
				if err := <-ran; err != nil {
					t.Errorf("Execute: %v", err)
				}
			})
		})
	}
}

// One that ends every process is not repeated for ever; and what the first
// attempt may have done is not forgotten.
func TestPoison(t *testing.T) {
	t.Parallel()
	for action, unknown := range map[string]bool{"echo.get": false, "echo.set": true} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				c := open(t, inMemory(t, f, nil), nil)
				ran := make(chan error, 1)
				go func() {
					_, err := c.Execute(t.Context(), call(t, action, order{Do: "block"}))
					ran <- err
				}()
				for range 2 {
					p := f.newest()
					<-p.echo.started
					p.server.Stop()
					time.Sleep(time.Minute)
				}
				if e := failed(t, <-ran, connector.ReasonPluginExited); e.OutcomeUnknown != unknown {
					t.Errorf("OutcomeUnknown = %t, want %t", e.OutcomeUnknown, unknown)
				}
			})
		})
	}
}

// The second attempt finds no process; the first may have been applied.
func TestOutcomeStaysUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := inMemory(t, f, &supervise.Options{Restart: supervise.Restart{Crashes: -1}})
		c := open(t, s, nil)
		ran := make(chan error, 1)
		go func() {
			_, err := c.Execute(t.Context(), call(t, "echo.set", order{Do: "block"}))
			ran <- err
		}()
		<-f.newest().echo.started
		f.newest().server.Stop()
		err := <-ran
		if e := failed(t, err, connector.ReasonPluginExited); !e.OutcomeUnknown || !errors.Is(err, supervise.ErrQuarantined) {
			t.Errorf("error = %+v, want an unknown outcome in quarantine", e)
		}
	})
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		var told []string
		s := inMemory(t, f, &supervise.Options{Events: func(c *supervise.Connection, e connector.Event) {
			if rotated, ok := e.(connector.SecretRotated); ok {
				told = append(told, c.Tenant()+" "+rotated.Secrets["/token"].Reveal())
			}
		}})
		rotate := func(emit func(connector.Event), token string) {
			emit(connector.SecretRotated{Secrets: map[string]connector.Secret{"/token": connector.NewSecret(token)}})
			synctest.Wait()
		}
		c := open(t, s, nil)
		first := *f.newest().echo.emit.Load()
		rotate(first, "second")
		if got := says(t, c, "secret"); got != "first" || f.newest().echo.opened.Load() != 1 {
			t.Errorf("the one who rotated a secret was opened again for it: %q", got)
		}
		f.newest().server.Stop()
		if got := says(t, c, "secret"); got != "second" {
			t.Errorf("after a restart the secret is %q, want the newest", got)
		}

		c.Update(settings("third"))
		stale := *f.newest().echo.emit.Load()
		rotate(stale, "of old settings")
		if got := says(t, c, "secret"); got != "third" {
			t.Errorf("after an update the secret is %q, want the new one", got)
		}
		synctest.Wait()
		if e := f.newest().echo; e.opened.Load() != 2 || e.closed.Load() != 1 {
			t.Errorf("opened %d times and closed %d times, want the old one closed", e.opened.Load(), e.closed.Load())
		}
		if len(told) != 1 || told[0] != "acme second" {
			t.Errorf("told %q, want the one secret that counts", told)
		}
	})
}

// During an upgrade a tenant is open in two processes. What the old one rotates
// must reach the new one.
func TestSecretRotatedByTheOldProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		s := inMemory(t, f, nil)
		c := open(t, s, nil)
		old := f.newest().echo
		ran := make(chan error, 1)
		go func() {
			_, err := c.Execute(t.Context(), call(t, "echo.get", order{Do: "block"}))
			ran <- err
		}()
		<-old.started
		upgraded := make(chan error, 1)
		go func() { upgraded <- s.UpgradeWith(t.Context()) }()
		synctest.Wait()
		if got := says(t, c, "secret"); got != "first" {
			t.Errorf("secret = %q", got)
		}
		(*old.emit.Load())(connector.SecretRotated{Secrets: map[string]connector.Secret{"/token": connector.NewSecret("second")}})
		synctest.Wait()
		if got := says(t, c, "secret"); got != "second" {
			t.Errorf("the new process has the secret %q, want the newest", got)
		}
		close(old.leave)
		if err := <-ran; err != nil {
			t.Errorf("the running call: %v", err)
		}
		if err := <-upgraded; err != nil {
			t.Errorf("Upgrade: %v", err)
		}
	})
}

func TestOpenRefused(t *testing.T) {
	t.Parallel()
	for name, dedicated := range map[string]bool{"shared": false, "dedicated": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := inMemory(t, newFleet(t), nil)
				bad := settings("x")
				bad.Config = []byte(`{"do":"refuse"}`)
				_, err := s.Open(t.Context(), bad, &supervise.ConnectionOptions{Dedicated: dedicated})
				wantReason(t, err, connector.ReasonInvalidConnection)
			})
		})
	}
}

func TestConnectionClose(t *testing.T) {
	t.Parallel()
	for name, dedicated := range map[string]bool{"shared": false, "dedicated": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				s := inMemory(t, f, nil)
				c := open(t, s, &supervise.ConnectionOptions{Dedicated: dedicated})
				if want := map[bool]int{false: 1, true: 2}[dedicated]; f.size() != want {
					t.Errorf("%d processes, want %d", f.size(), want)
				}
				works(t, c)
				for range 2 {
					if err := c.Close(t.Context()); err != nil {
						t.Errorf("Close: %v", err)
					}
				}
				if _, err := c.Execute(t.Context(), call(t, "echo.get", order{})); err == nil {
					t.Error("a closed connection takes calls")
				}
				if dedicated && c.State() != supervise.Stopped {
					t.Errorf("State = %s", c.State())
				}
				works(t, open(t, s, nil))
			})
		})
	}
}

// Closing a process of one's own waits for its calls no longer than one may.
func TestConnectionCloseIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		c := open(t, inMemory(t, f, nil), &supervise.ConnectionOptions{Dedicated: true})
		ran := make(chan error, 1)
		go func() {
			_, err := c.Execute(t.Context(), call(t, "echo.put", order{Do: "block"}))
			ran <- err
		}()
		<-f.newest().echo.started
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wantReason(t, c.Close(ctx), connector.ReasonDeadlineExceeded)
		close(f.newest().echo.leave)
		if err := <-ran; err != nil {
			t.Errorf("the running call: %v", err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}

func TestQueueFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		c := open(t, inMemory(t, f, nil), &supervise.ConnectionOptions{Calls: 2, Queue: 3})
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := c.Execute(t.Context(), call(t, "echo.get", order{Do: "block"})); err != nil {
					t.Errorf("Execute: %v", err)
				}
			})
		}
		synctest.Wait()
		_, err := c.Execute(t.Context(), call(t, "echo.get", order{}))
		e := failed(t, err, connector.ReasonRateLimited)
		if !errors.Is(err, supervise.ErrQueueFull) || e.Origin != connector.OriginRuntime || e.Retry != connector.RetryLater ||
			e.RequestID != "req-1" {
			t.Errorf("error = %+v", e)
		}
		if n := len(f.newest().echo.started); n != 2 {
			t.Errorf("%d calls run, want 2", n)
		}
		close(f.newest().echo.leave)
		all.Wait()
	})
}

// Every kind of call finds its way.
func TestCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := inMemory(t, newFleet(t), nil)
		c := open(t, s, nil)
		if m, err := s.Manifest(t.Context()); err != nil || m.Name != "echo" {
			t.Errorf("Manifest = %+v, %v", m, err)
		}
		if d, err := s.Describe(t.Context(), connector.DescribeRequest{Action: "echo.get"}); err != nil || len(d.Input) == 0 {
			t.Errorf("static Describe = %+v, %v", d, err)
		}
		if d, err := c.Describe(t.Context(), connector.DescribeRequest{Action: "echo.get"}); err != nil || len(d.Input) == 0 {
			t.Errorf("Describe = %+v, %v", d, err)
		}
		if found, err := c.Check(t.Context()); err != nil || len(found.Report) == 0 {
			t.Errorf("Check = %+v, %v", found, err)
		}
		found, err := c.CheckThoroughly(t.Context(), connector.ThoroughCheck{Groups: []string{"tasks"}, Writes: true})
		if err != nil || string(found.Report) != `["tasks"]` {
			t.Errorf("CheckThoroughly = %+v, %v", found, err)
		}
		page, err := c.Options(t.Context(), connector.OptionsRequest{Action: "echo.get", Pointer: "/do"})
		if err != nil || len(page.Options) != 1 {
			t.Errorf("Options = %+v, %v", page, err)
		}
		var got bytes.Buffer
		sum, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: 100}), &got, nil)
		if err != nil || sum.Bytes != 100 || got.Len() != 100 {
			t.Errorf("Download = %+v, %v", sum, err)
		}
		r, err := c.Upload(t.Context(), call(t, "echo.import", order{}), "text/csv", strings.NewReader("12345"))
		if err != nil || string(r.Output) != "5" {
			t.Errorf("Upload = %s, %v", r.Output, err)
		}
	})
}

// chopping is a reader that ends its process when it comes to its second piece.
type chopping struct {
	io.ReadSeeker

	chop  func()
	reads int
}

func (c *chopping) Read(p []byte) (int, error) {
	c.reads++
	if c.reads == 2 {
		c.chop()
	}
	return c.ReadSeeker.Read(p)
}

func TestProcessEndsDuringUpload(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		action   string
		seekable bool
		repeats  bool
	}{
		"idempotent, can be read again": {action: "echo.merge", seekable: true, repeats: true},
		"idempotent, cannot":            {action: "echo.merge"},
		"unsafe":                        {action: "echo.import", seekable: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t)
				c := open(t, inMemory(t, f, nil), nil)
				content := &chopping{ReadSeeker: strings.NewReader(strings.Repeat("x", 1<<20)), chop: f.newest().server.Stop}
				var r io.Reader = content
				if !tc.seekable {
					r = struct{ io.Reader }{content}
				}
				result, err := c.Upload(t.Context(), call(t, tc.action, order{}), "text/csv", r)
				if tc.repeats {
					if err != nil || string(result.Output) != "1048576" {
						t.Errorf("Upload = %s, %v", result.Output, err)
					}
					return
				}
				if e := failed(t, err, connector.ReasonPluginExited); !e.OutcomeUnknown {
					t.Errorf("error = %+v, want an unknown outcome", e)
				}
			})
		})
	}
}

// choppingWriter ends its process at its first piece.
type choppingWriter struct {
	chop  sync.Once
	how   func()
	bytes int
}

func (c *choppingWriter) Write(p []byte) (int, error) {
	c.chop.Do(c.how)
	c.bytes += len(p)
	return len(p), nil
}

func TestProcessEndsDuringDownload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		c := open(t, inMemory(t, f, nil), nil)
		w := &choppingWriter{how: f.newest().server.Stop}
		_, err := c.Download(t.Context(), call(t, "echo.export", order{Bytes: 10 << 20}), w, nil)
		e := failed(t, err, connector.ReasonPluginExited)
		if e.OutcomeUnknown || e.Retry != connector.RetryLater || f.size() != 1 {
			t.Errorf("error = %+v after %d processes: what was written cannot be taken back", e, f.size())
		}
		works(t, c)
	})
}
