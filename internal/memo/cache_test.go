package memo_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// source answers with its word after a second, or fails.
type source struct {
	asked atomic.Int32
	mu    sync.Mutex
	word  string
	err   error
}

func (s *source) say(word string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.word, s.err = word, err
}

func (s *source) ask(ctx context.Context) (string, error) {
	s.asked.Add(1)
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.word, s.err
}

func (s *source) expect(t *testing.T, asked int32) {
	t.Helper()
	if got := s.asked.Load(); got != asked {
		t.Errorf("asked %d times, want %d", got, asked)
	}
}

func get(t *testing.T, c *memo.Cache[string], s *source) memo.Answer[string] {
	t.Helper()
	a, err := c.Get(t.Context(), "key", s.ask)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestCallersShareOneQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{})
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if a := get(t, c, s); a.Value != "A" {
					t.Errorf("%q, want A", a.Value)
				}
			})
		}
		wg.Wait()
		s.expect(t, 1)
	})
}

func TestAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{})
		first := get(t, c, s)
		time.Sleep(memo.DefaultMaxAge - time.Second)
		if get(t, c, s) != first {
			t.Error("a young answer was not used again")
		}
		s.expect(t, 1)
		time.Sleep(time.Second)
		if a := get(t, c, s); !a.At.After(first.At) {
			t.Error("an old answer was used again")
		}
		s.expect(t, 2)
		s.say("B", nil)
		if a, err := c.Refresh(t.Context(), "key", s.ask); err != nil || a.Value != "B" {
			t.Errorf("refresh: %q, %v, want B", a.Value, err)
		}
		c.Forget("key")
		get(t, c, s)
		s.expect(t, 4)
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		now := time.Date(2026, 12, 15, 0, 0, 0, 0, time.UTC)
		c := memo.New[string](memo.Options{MaxAge: time.Minute, Clock: func() time.Time { return now }})
		if a := get(t, c, s); !a.At.Equal(now) {
			t.Errorf("found out at %v, want %v", a.At, now)
		}
		now = now.Add(time.Minute)
		get(t, c, s)
		s.expect(t, 2)
	})
}

func TestCallersWhoGoLeaveTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{})
		first, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := c.Get(first, "key", s.ask)
			failed <- err
		}()
		synctest.Wait()
		stays := make(chan string, 1)
		go func() { stays <- get(t, c, s).Value }()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("the caller who went has %v, want %v", err, context.Canceled)
		}
		if v := <-stays; v != "A" {
			t.Errorf("the caller who stayed has %q", v)
		}
		s.expect(t, 1)
	})
}

func TestQuestionEndsWithItsLastCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		c := memo.New[string](memo.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Get(ctx, "key", func(ctx context.Context) (string, error) {
			<-ctx.Done()
			ended <- ctx.Err()
			return "", ctx.Err()
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the question ended with %v, want %v", err, context.Canceled)
		}
	})
}

func TestOldAnswerRatherThanNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{})
		first := get(t, c, s)
		s.say("", connector.Errorf(connector.ReasonDownstreamUnavailable, "down"))
		time.Sleep(memo.DefaultMaxAge)
		for range 2 { // the second time from memory
			a := get(t, c, s)
			if a.Value != "A" || !a.At.Equal(first.At) || !errors.Is(a.Stale, connector.ReasonDownstreamUnavailable) {
				t.Errorf("got %+v, want the first answer and why it is old", a)
			}
		}
		s.expect(t, 2)
		s.say("B", nil)
		time.Sleep(30 * time.Second)
		if a := get(t, c, s); a.Value != "B" || a.Stale != nil {
			t.Errorf("got %+v, want a new answer", a)
		}
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		c := memo.New[string](memo.Options{})
		s.say("", connector.Errorf(connector.ReasonDownstreamUnavailable, "down"))
		for range 2 { // an error is not kept
			if _, err := c.Get(t.Context(), "key", s.ask); !errors.Is(err, connector.ReasonDownstreamUnavailable) {
				t.Errorf("error %v, want %v", err, connector.ReasonDownstreamUnavailable)
			}
		}
		s.expect(t, 2)
		s.say("A", nil)
		get(t, c, s)
		s.say("", connector.Errorf(connector.ReasonNotFound, "gone"))
		for range 2 { // what is gone stays gone
			if _, err := c.Refresh(t.Context(), "key", s.ask); !errors.Is(err, connector.ReasonNotFound) {
				t.Errorf("error %v, want %v", err, connector.ReasonNotFound)
			}
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Get(ended, "key", s.ask); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	})
}

func TestPanicReachesTheCaller(t *testing.T) {
	t.Parallel()
	c := memo.New[string](memo.Options{})
	panics := func() (v any) {
		defer func() { v = recover() }()
		_, _ = c.Get(t.Context(), "key", func(context.Context) (string, error) {
			panic("broken") //nolint:forbidigo // what is tested
		})
		return nil
	}
	for range 2 { // it is not kept
		err, _ := panics().(error)
		if err == nil || !strings.HasPrefix(err.Error(), "broken\n") || !strings.Contains(err.Error(), "TestPanicReachesTheCaller") {
			t.Errorf("recovered %v, want the panic with its stack", err)
		}
	}
}
