package gainsight_test

import (
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

// TestLedgersAreShared: by the connections to one address, also one after the
// other, and by nobody else.
func TestLedgersAreShared(t *testing.T) {
	t.Parallel()
	now := noon
	ledgers := gainsight.NewLedgers(func() time.Time { return now })
	open := func(address string) (*gainsight.Client, func()) {
		config, err := settings{}.parse(address)
		if err != nil {
			t.Fatal(err)
		}
		ledger, release := ledgers.Acquire(config.Base)
		return gainsight.New(config, gainsight.Options{
			Transport: &counting{}, Clock: func() time.Time { return now }, Ledger: ledger,
		}), release
	}
	spent := func(c *gainsight.Client) int { return c.BudgetStates(gainsight.BudgetSynchronous)[1].Spent }
	first, releaseFirst := open("acme")
	second, releaseSecond := open("https://ACME.gainsightcloud.com:443/")
	other, releaseOther := open("globex")
	defer releaseOther()
	mustDo(t, first.Session(false), gainsight.CTAConfig)
	mustDo(t, second.Session(false), gainsight.CTAConfig)
	if a, b, c := spent(first), spent(second), spent(other); a != 2 || b != 2 || c != 0 {
		t.Errorf("%d, %d and %d are spent", a, b, c)
	}
	releaseFirst()
	releaseSecond()
	third, releaseThird := open("acme")
	if n := spent(third); n != 2 {
		t.Errorf("%d are spent once it is opened anew, want what the others spent", n)
	}
	releaseThird()
	now = now.Add(24 * time.Hour)
	_, releaseFourth := open("initech")
	defer releaseFourth()
	fifth, releaseFifth := open("acme")
	defer releaseFifth()
	mustDo(t, fifth.Session(false), gainsight.CTAConfig)
	if a, b := spent(fifth), spent(first); a != 1 || b != 0 {
		t.Errorf("%d and %d are spent, want a new count for the new day", a, b)
	}
}
