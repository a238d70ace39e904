package doctype_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// tenant answers with its label after a second, or fails.
type tenant struct {
	fetches atomic.Int32
	mu      sync.Mutex
	label   string
	err     error
}

func (tn *tenant) say(label string, err error) {
	tn.mu.Lock()
	defer tn.mu.Unlock()
	tn.label, tn.err = label, err
}

func (tn *tenant) fetch(ctx context.Context, name string) (doctype.Object, []connector.Diagnostic, error) {
	tn.fetches.Add(1)
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return doctype.Object{}, nil, ctx.Err()
	}
	tn.mu.Lock()
	defer tn.mu.Unlock()
	return doctype.Object{Name: name, Label: tn.label}, nil, tn.err
}

func (tn *tenant) expect(t *testing.T, fetches int32) {
	t.Helper()
	if got := tn.fetches.Load(); got != fetches {
		t.Errorf("%d fetches, want %d", got, fetches)
	}
}

func object(t *testing.T, c *doctype.Cache, name string) doctype.Snapshot {
	t.Helper()
	s, err := c.Object(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCacheCoalesces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{label: "A"}
		c := doctype.NewCache(tn.fetch, nil)
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				if s := object(t, c, []string{"company", "Company"}[i%2]); s.Object.Label != "A" {
					t.Errorf("label %q, want A", s.Object.Label)
				}
			})
		}
		wg.Wait()
		tn.expect(t, 1)
	})
}

func TestCacheAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{label: "A"}
		c := doctype.NewCache(tn.fetch, nil)
		first := object(t, c, "company")
		time.Sleep(doctype.DefaultMaxAge - time.Second)
		if diff := cmp.Diff(first, object(t, c, "COMPANY")); diff != "" {
			t.Errorf("young metadata (-first +second):\n%s", diff)
		}
		tn.expect(t, 1)
		time.Sleep(time.Second)
		same := object(t, c, "company")
		tn.expect(t, 2)
		if same.Digest != first.Digest || !same.FetchedAt.After(first.FetchedAt) {
			t.Errorf("digest %s at %v, want the same as %s at %v, but later", same.Digest, same.FetchedAt, first.Digest, first.FetchedAt)
		}
		tn.say("B", nil)
		changed, err := c.Refresh(t.Context(), "company")
		if err != nil || changed.Digest == first.Digest || changed.Object.Label != "B" {
			t.Errorf("refresh: %+v, %v; want the new label and a new digest", changed, err)
		}
		c.Forget("Company")
		object(t, c, "company")
		tn.expect(t, 4)
	})
}

func TestCacheOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{}
		now := time.Date(2026, 12, 15, 0, 0, 0, 0, time.UTC)
		c := doctype.NewCache(tn.fetch, &doctype.CacheOptions{MaxAge: time.Minute, Clock: func() time.Time { return now }})
		if s := object(t, c, "company"); !s.FetchedAt.Equal(now) {
			t.Errorf("fetched at %v, want %v", s.FetchedAt, now)
		}
		now = now.Add(time.Minute)
		object(t, c, "company")
		tn.expect(t, 2)
	})
}

func TestCacheCallersGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{label: "A"}
		c := doctype.NewCache(tn.fetch, nil)
		first, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := c.Object(first, "company")
			failed <- err
		}()
		synctest.Wait()
		stays := make(chan doctype.Snapshot, 1)
		go func() { stays <- object(t, c, "company") }()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("the caller who went has %v, want %v", err, context.Canceled)
		}
		if s := <-stays; s.Object.Label != "A" {
			t.Errorf("the caller who stayed has %+v", s)
		}
		tn.expect(t, 1)
	})
}

func TestCacheAllCallersGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		c := doctype.NewCache(func(ctx context.Context, _ string) (doctype.Object, []connector.Diagnostic, error) {
			<-ctx.Done()
			ended <- ctx.Err()
			return doctype.Object{}, nil, ctx.Err()
		}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Object(ctx, "company"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the fetch ended with %v, want %v", err, context.Canceled)
		}
	})
}

func TestCacheServesOldMetadata(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{label: "A"}
		c := doctype.NewCache(tn.fetch, nil)
		first := object(t, c, "company")
		tn.say("", connector.Errorf(connector.ReasonDownstreamUnavailable, "down"))
		time.Sleep(doctype.DefaultMaxAge)
		for range 2 { // the second time from memory
			old := object(t, c, "company")
			if old.Digest != first.Digest || !old.FetchedAt.Equal(first.FetchedAt) {
				t.Errorf("got %+v, want the first", old)
			}
			if len(old.Diagnostics) != 1 || !strings.Contains(old.Diagnostics[0].Summary, "reading them again failed") {
				t.Errorf("diagnostics %v, want one on the age", old.Diagnostics)
			}
		}
		tn.expect(t, 2)
		tn.say("B", nil)
		time.Sleep(30 * time.Second)
		if s := object(t, c, "company"); s.Object.Label != "B" || s.Diagnostics != nil {
			t.Errorf("got %+v, want new metadata without remarks", s)
		}
	})
}

func TestCacheErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{}
		c := doctype.NewCache(tn.fetch, nil)
		tn.say("", connector.Errorf(connector.ReasonDownstreamUnavailable, "down"))
		for range 2 { // an error is not kept
			if _, err := c.Object(t.Context(), "company"); !errors.Is(err, connector.ReasonDownstreamUnavailable) {
				t.Errorf("error %v, want %v", err, connector.ReasonDownstreamUnavailable)
			}
		}
		tn.expect(t, 2)
		tn.say("A", nil)
		object(t, c, "company")
		tn.say("", connector.Errorf(connector.ReasonNotFound, "gone"))
		for range 2 { // an object that is gone stays gone
			if _, err := c.Refresh(t.Context(), "company"); !errors.Is(err, connector.ReasonNotFound) {
				t.Errorf("error %v, want %v", err, connector.ReasonNotFound)
			}
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Object(ended, "company"); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	})
}

func TestCachePanic(t *testing.T) {
	t.Parallel()
	c := doctype.NewCache(func(_ context.Context, name string) (doctype.Object, []connector.Diagnostic, error) {
		return doctype.Object{Name: strings.Repeat("x", -len(name))}, nil, nil
	}, nil)
	if _, err := c.Object(t.Context(), "company"); !errors.Is(err, connector.ReasonPluginPanic) {
		t.Errorf("error %v, want %v", err, connector.ReasonPluginPanic)
	}
}
