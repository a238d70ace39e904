package gainsight

import (
	"slices"
	"time"
)

// window counts requests in windows of one length, from the one that runs to
// the last that something is booked in.
type window struct {
	period Period
	first  int64 // the number of windows from the epoch to that of counts[0]
	counts []int
}

// place returns where in counts the window is that at falls in. A clock that
// was set back opens no window again: what is before the first falls in it.
func (w *window) place(at time.Time) int {
	return int(max(0, w.number(at)-w.first))
}

func (w *window) number(at time.Time) int64 { return at.UnixNano() / int64(w.period.Length()) }

// count returns the requests in the window that at falls in.
func (w *window) count(at time.Time) int {
	if i := w.place(at); i < len(w.counts) {
		return w.counts[i]
	}
	return 0
}

// add counts a request in the window that at falls in.
func (w *window) add(at time.Time) {
	i := w.place(at)
	for len(w.counts) <= i {
		w.counts = append(w.counts, 0)
	}
	w.counts[i]++
}

// remove takes back what add did, unless the window is over.
func (w *window) remove(at time.Time) {
	if i := w.number(at) - w.first; i >= 0 && i < int64(len(w.counts)) {
		w.counts[i]--
	}
}

// forget drops the windows that are over.
func (w *window) forget(now time.Time) {
	if over := w.number(now) - w.first; over > 0 {
		w.counts = slices.Delete(w.counts, 0, int(min(over, int64(len(w.counts)))))
		w.first += over
	}
}

// idle reports whether nothing is counted in any window.
func (w *window) idle() bool {
	return !slices.ContainsFunc(w.counts, func(n int) bool { return n > 0 })
}
