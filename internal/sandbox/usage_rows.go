package sandbox

// A span is a run of generated rows, end not included.
type span struct{ from, to int }

// usageRows is a source of generated rows: spans, or, once sorted, a list.
type usageRows struct {
	base  *usageBase
	spans []span
	list  []int // not nil: the rows, in order
	count int
}

// selectUsage chooses the generated rows of a job. A where-clause scans all of
// them: well under a second for a million.
func (t *Tenant) selectUsage(q exportQuery, wanted filter, by sorting) source {
	t.mu.RLock()
	n := max(t.options.ExportRows, 0)
	rows := usageRows{base: t.newUsageBase(), spans: []span{{0, n}}, count: n}
	if q.Where != nil {
		rows = rows.filter(wanted)
	}
	keys := rows.keys(t, by)
	t.mu.RUnlock()
	if keys != nil {
		rows = rows.arranged(by.sort(keys)) // seconds, so without the lock
	}
	return rows.cut(q.Offset, q.limit())
}

func (u usageRows) len() int { return u.count }

func (u usageRows) each(from, to int, visit func(row)) {
	r := &usageRow{base: u.base}
	if u.list != nil {
		for _, i := range u.list[from:to] {
			r.set(i)
			visit(r)
		}
		return
	}
	for _, s := range u.spans {
		n := s.to - s.from
		for i := max(from, 0); i < min(to, n); i++ {
			r.set(s.from + i)
			visit(r)
		}
		if from, to = from-n, to-n; to <= 0 {
			return
		}
	}
}

// filter keeps the wanted rows.
func (u usageRows) filter(wanted filter) usageRows {
	out := usageRows{base: u.base}
	u.each(0, u.count, func(r row) {
		ur, ok := r.(*usageRow)
		if !ok || !wanted(r) {
			return
		}
		i := ur.i
		out.count++
		if n := len(out.spans); n > 0 && out.spans[n-1].to == i {
			out.spans[n-1].to++
		} else {
			out.spans = append(out.spans, span{i, i + 1})
		}
	})
	return out
}

// keys are the rows' sort keys; nil when nothing is to be sorted.
func (u usageRows) keys(t *Tenant, by sorting) []sortKey {
	if len(by) == 0 {
		return nil
	}
	keys := make([]sortKey, 0, u.count)
	u.each(0, u.count, func(r row) {
		if ur, ok := r.(*usageRow); ok {
			keys = append(keys, by.key(t, r, ur.i))
		}
	})
	return keys
}

// arranged are the rows of the keys, in their order.
func (u usageRows) arranged(keys []sortKey) usageRows {
	list := make([]int, len(keys))
	for i, k := range keys {
		list[i] = k.index
	}
	return usageRows{base: u.base, list: list, count: len(list)}
}

// cut keeps limit rows after offset.
func (u usageRows) cut(offset, limit int) usageRows {
	from := min(offset, u.count)
	to := from + min(limit, u.count-from)
	if u.list != nil {
		return usageRows{base: u.base, list: u.list[from:to], count: to - from}
	}
	out := usageRows{base: u.base, count: to - from}
	at := 0
	for _, s := range u.spans {
		n := s.to - s.from
		if lo, hi := max(from-at, 0), min(to-at, n); lo < hi {
			out.spans = append(out.spans, span{s.from + lo, s.from + hi})
		}
		at += n
	}
	return out
}
