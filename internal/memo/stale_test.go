package memo_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
)

func TestStaleAnswerIsRefreshedInTheBackground(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{StaleFor: time.Minute})
		defer c.Close()
		first := get(t, c, s)
		s.say("B", nil)
		time.Sleep(memo.DefaultMaxAge)
		for range 100 { // nobody waits, and one question is enough
			if a := get(t, c, s); a != first {
				t.Fatalf("got %+v, want the first answer at once", a)
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		s.expect(t, 2)
		if a := get(t, c, s); a.Value != "B" {
			t.Errorf("got %+v, want the new answer", a)
		}
		s.say("C", nil)
		time.Sleep(memo.DefaultMaxAge + time.Minute)
		if a := get(t, c, s); a.Value != "C" {
			t.Errorf("got %+v, want one that is not that old", a)
		}
		s.expect(t, 3)
	})
}

func TestOutageKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{StaleFor: time.Minute})
		defer c.Close()
		get(t, c, s)
		s.say("", connector.Errorf(connector.ReasonDownstreamUnavailable, "down"))
		time.Sleep(memo.DefaultMaxAge)
		get(t, c, s)
		time.Sleep(time.Second)
		synctest.Wait()
		if a := get(t, c, s); a.Value != "A" || !errors.Is(a.Stale, connector.ReasonDownstreamUnavailable) {
			t.Errorf("got %+v, want the old answer and why it is old", a)
		}
		s.expect(t, 2)
	})
}

func TestCloseEndsWhatRunsInTheBackground(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := false
		c := memo.New[string](memo.Options{StaleFor: time.Minute})
		get(t, c, &source{word: "A"})
		time.Sleep(memo.DefaultMaxAge)
		_, err := c.Get(t.Context(), "key", func(ctx context.Context) (string, error) {
			<-ctx.Done()
			ended = true
			return "", ctx.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		if !ended {
			t.Error("the question goes on")
		}
		if a := get(t, c, &source{word: "B"}); a.Value != "B" {
			t.Errorf("a closed cache answers %q, want B", a.Value)
		}
	})
}

func TestBackgroundQuestionHasAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		c := memo.New[string](memo.Options{StaleFor: time.Minute})
		defer c.Close()
		get(t, c, &source{word: "A"})
		time.Sleep(memo.DefaultMaxAge)
		ended := make(chan time.Duration, 1)
		_, err := c.Get(t.Context(), "key", func(ctx context.Context) (string, error) {
			<-ctx.Done()
			ended <- time.Since(begun) - memo.DefaultMaxAge
			return "", ctx.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		if after := <-ended; after > 3*time.Minute {
			t.Errorf("it went on for %s", after)
		}
	})
}

func TestExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{StaleFor: time.Minute})
		defer c.Close()
		get(t, c, s)
		c.Expire(time.Second)
		get(t, c, s)
		s.expect(t, 1) // it is not that old
		time.Sleep(time.Second)
		c.Expire(time.Second)
		s.say("", connector.Errorf(connector.ReasonDownstreamUnavailable, "down"))
		if a := get(t, c, s); a.Value != "A" || a.Stale == nil {
			t.Errorf("got %+v, want the old answer for lack of a better one", a)
		}
		s.expect(t, 2)
		s.say("B", nil)
		c.Expire(0)
		if a := get(t, c, s); a.Value != "B" {
			t.Errorf("got %+v, want a new answer", a)
		}
	})
}

// weighty is an answer that knows its size.
type weighty struct{ bytes int }

func (w weighty) Size() int { return w.bytes }

func TestBudgetIsShared(t *testing.T) {
	t.Parallel()
	budget := memo.NewBudget(10)
	asked := map[string]int{}
	ask := func(name string, bytes int) func(context.Context) (weighty, error) {
		return func(context.Context) (weighty, error) {
			asked[name]++
			return weighty{bytes}, nil
		}
	}
	one, other := memo.New[weighty](memo.Options{Budget: budget}), memo.New[weighty](memo.Options{Budget: budget})
	want := func(c *memo.Cache[weighty], name string, bytes, times int) {
		t.Helper()
		if _, err := c.Get(t.Context(), name, ask(name, bytes)); err != nil || asked[name] != times {
			t.Errorf("%s was asked for %d times, want %d; %v", name, asked[name], times, err)
		}
	}
	want(one, "a", 5, 1)
	want(other, "b", 5, 1)
	want(one, "a", 5, 1)
	want(other, "c", 4, 1) // in place of b, which was used longest ago
	want(one, "a", 5, 1)
	want(other, "b", 5, 2)
	if spent := budget.Spent(); spent != 10 {
		t.Errorf("%d bytes are spent, want 10", spent)
	}
	one.Forget("a")
	other.Close()
	if spent := budget.Spent(); spent != 0 {
		t.Errorf("%d bytes are spent on nothing", spent)
	}
}

// TestPutServesWhileAskingFails: an answer from elsewhere is no better than one
// of its age, and better than none.
func TestPutServesWhileAskingFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &source{word: "A"}
		c := memo.New[string](memo.Options{})
		defer c.Close()
		long := time.Now().Add(-24 * time.Hour)
		c.Put("key", "old", long)
		s.say("", connector.Errorf(connector.ReasonDownstreamUnavailable, "down"))
		if a := get(t, c, s); a.Value != "old" || !a.At.Equal(long) || !errors.Is(a.Stale, connector.ReasonDownstreamUnavailable) {
			t.Errorf("got %+v, want the old answer, its age and why it is old", a)
		}
		s.say("B", nil)
		time.Sleep(time.Minute)
		if a := get(t, c, s); a.Value != "B" {
			t.Errorf("got %+v, want what the source says", a)
		}
		c.Put("key", "older", long)
		if a := get(t, c, s); a.Value != "B" {
			t.Errorf("got %+v, want the younger answer", a)
		}
	})
}
