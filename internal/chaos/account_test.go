//go:build unix

package chaos_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// fate is what the host said of a record.
type fate string

// The fates, as results spell them.
const (
	succeeded fate = "succeeded"
	failed    fate = "failed"
	unknown   fate = "unknown"
)

// fateOf is that of all records of a call that failed as a whole.
func fateOf(err error) fate {
	if connector.AsError(err).OutcomeUnknown {
		return unknown
	}
	return failed
}

// account is what the host reported, record by record. A record is one change
// that a caller asked for, under a name that no other has.
type account struct {
	mu   sync.Mutex
	told map[string]entry
}

type entry struct {
	fate fate
	why  string // it did not succeed
}

func newAccount() *account { return &account{told: map[string]entry{}} }

// put books what became of a record.
func (a *account) put(record string, f fate, why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if before, twice := a.told[record]; twice {
		a.told[record] = entry{"", fmt.Sprintf("two fates were told: %s and %s", before.fate, f)}
		return
	}
	a.told[record] = entry{f, why}
}

// fates counts them.
func (a *account) fates() map[fate]int {
	n := map[fate]int{}
	for _, e := range a.told {
		n[e.fate]++
	}
	return n
}

// compare holds what was reported against how often the tenant has each
// record, and returns what does not agree.
func (a *account) compare(has map[string]int) (wrong []string) {
	for record, e := range a.told {
		var verdict string
		switch n := has[record]; {
		case n > 1:
			verdict = "doubled"
		case e.fate == succeeded && n == 0:
			verdict = "lost"
		case e.fate == failed && n > 0:
			verdict = "denied: " + e.why
		case e.fate != succeeded && e.fate != failed && e.fate != unknown:
			verdict = "untold: " + e.why
		default:
			continue
		}
		wrong = append(wrong, record+" "+verdict)
	}
	slices.Sort(wrong)
	return wrong
}

// Names of records, by what is asked for.
func ctaRecord(name string) string            { return "cta " + name }
func changeRecord(ctaName string) string      { return "change of " + ctaName }
func activityRecord(id string) string         { return "activity " + id }
func deletionRecord(externalID string) string { return "deletion of " + externalID }
func userRecord(email string) string          { return "user " + email }

// changed is the comment of a CTA that was updated.
const changed = "changed"

// ledgerOf counts what a tenant has, by the names of records. doomed are the
// activities that were there to be deleted.
func ledgerOf(tenant *sandbox.Tenant, doomed []string) map[string]int {
	has := map[string]int{}
	for _, c := range tenant.CTAs() {
		name := fmt.Sprint(c["Name"])
		has[ctaRecord(name)]++
		if strings.Contains(fmt.Sprint(c["Comments"]), changed) {
			has[changeRecord(name)]++
		}
	}
	for _, a := range tenant.Activities() {
		has[activityRecord(fmt.Sprint(a["ExternalId"]))]++
	}
	for _, u := range tenant.Users() {
		has[userRecord(fmt.Sprint(u["Email"]))]++
	}
	for _, id := range doomed {
		if has[activityRecord(id)] == 0 {
			has[deletionRecord(id)]++
		}
	}
	return has
}
