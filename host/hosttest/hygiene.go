package hosttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
)

// hygieneCases are about what a connector leaves behind.
func hygieneCases() []Case {
	process := []Need{NeedProcess}
	used := []Need{NeedProcess, NeedProcFS, NeedTenant}
	return []Case{
		{"hygiene", "stdout", "The connector prints nothing to stdout but its handshake.", process, stdoutSilent},
		{"hygiene", "log-form", "Every line on stderr is a log entry in the form that hosts read.", process, logForm},
		{"hygiene", "log-lines", "No line on stderr is longer than 64 KiB.", process, logLines},
		{"hygiene", "goroutines", "Connections that are closed leave no goroutines behind.", []Need{NeedInProcess, NeedTenant}, noGoroutines},
		{"hygiene", "descriptors", "Connections that are closed leave no open descriptors behind.", used, noDescriptors},
		{"hygiene", "children", "The connector has no child processes once its calls have ended.", used, noChildren},
	}
}

// use opens, uses and closes a connection, rightly and wrongly.
func (t *trial) use(in *instance) {
	for number := range t.profile.Tenants[:min(2, len(t.profile.Tenants))] {
		c := t.direct(in, number)
		if s, why := t.pick(NeedRead); why == "" {
			_, _ = c.execute(t.ctx, s)
			s.Input = []byte(`{"`)
			_, _ = c.execute(t.ctx, s)
		}
		for _, kind := range []Need{NeedDownload, NeedUpload} {
			if s, why := t.pick(kind); why == "" {
				_, _ = c.run(t.ctx, s)
			}
		}
		t.shut(c)
	}
}

func stdoutSilent(t *trial) {
	in := t.fresh()
	t.use(in)
	_ = in.stop()
	for _, line := range in.stray.lines() {
		t.errorf("it printed %.200q", line)
	}
}

// logged uses a connector to its end and returns the lines of its log.
func (t *trial) logged() [][]byte {
	in := t.fresh()
	t.use(in)
	_ = in.stop()
	return in.log.lines()
}

func logForm(t *trial) {
	for _, line := range t.logged() {
		var entry struct {
			Message *string `json:"@message"`
			Level   *string `json:"@level"`
			Time    *string `json:"@timestamp"`
		}
		if json.Unmarshal(line, &entry) != nil || entry.Message == nil || entry.Level == nil || entry.Time == nil {
			t.errorf("the line %.200q is no entry with @message, @level and @timestamp", line)
		}
	}
}

func logLines(t *trial) {
	for _, line := range t.logged() {
		if len(line) > 64<<10 {
			t.errorf("a line has %d bytes and begins %.100q", len(line), line)
		}
	}
}

// rounds is how many connections are used to tell a leak from a cache.
const rounds = 8

// leaks uses many connections and reports whether what is counted grew with
// them, once it has had time to settle.
func (t *trial) leaks(in *instance, count func() int) (before, after int, leaked bool) {
	t.use(in) // fills what is kept for all
	before = t.settled(count)
	for range rounds {
		t.use(in)
	}
	after = t.settled(count)
	return before, after, after >= before+rounds/2
}

// settled returns what is counted once it has stayed the same for a while.
func (t *trial) settled(count func() int) int {
	last, same := count(), 0
	t.soon(func() bool {
		n := count()
		same++
		if n != last {
			last, same = n, 0
		}
		return same >= 20
	})
	return last
}

func noGoroutines(t *trial) {
	in := t.fresh()
	var where string
	before, after, leaked := t.leaks(in, func() int {
		n, top := goroutines(in.label)
		where = top
		return n
	})
	if leaked {
		t.errorf("%d goroutines became %d with %d more connections that are closed, most of them in %s", before, after, rounds, where)
	}
}

// goroutines counts those with a label and names the function that most of
// them wait in.
func goroutines(label string) (count int, top string) {
	var b bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&b, 1)  // a bytes.Buffer takes it all
	_, stacks, _ := strings.Cut(b.String(), "\n") // after a line with the total
	most := 0
	for block := range strings.SplitSeq(stacks, "\n\n") {
		if !strings.Contains(block, strconv.Quote(label)) {
			continue
		}
		head, stack, _ := strings.Cut(block, "\n")
		number, _, _ := strings.Cut(head, " ")
		n, _ := strconv.Atoi(number)
		count += n
		if n > most {
			most, top = n, ownFrame(stack)
		}
	}
	return count, top
}

// ownFrame returns the innermost function of a stack that is not the runtime's
// or the standard library's.
func ownFrame(stack string) string {
	for line := range strings.Lines(stack) {
		fields := strings.Fields(line)
		if len(fields) > 2 && fields[0] == "#" && strings.Contains(strings.SplitN(fields[2], "/", 2)[0], ".") && strings.Contains(fields[2], "/") {
			return fields[2]
		}
	}
	return "the standard library"
}

func noDescriptors(t *trial) {
	in := t.fresh()
	before, after, leaked := t.leaks(in, func() int { return len(t.descriptors(in)) })
	if leaked {
		t.errorf("%d open descriptors became %d with %d more connections that are closed", before, after, rounds)
	}
}

// descriptors returns what leads to the open files of a process. A connector
// that guards its memory hides them from all but root.
func (t *trial) descriptors(in *instance) []string {
	dir := fmt.Sprintf("/proc/%d/fd", in.pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.skipf("its descriptors cannot be read: %v", err)
	}
	paths := make([]string, len(entries))
	for i, e := range entries {
		paths[i] = filepath.Join(dir, e.Name())
	}
	return paths
}

func noChildren(t *trial) {
	in := t.start()
	t.use(in)
	if !t.soon(func() bool { return len(children(in.pid)) == 0 }) {
		t.errorf("it has the child processes %v", children(in.pid))
	}
}

// children returns the processes whose parent is pid.
func children(pid int) []string {
	var found []string
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		data, err := os.ReadFile(file) //nolint:gosec // a list of the system's own
		if err != nil {
			continue // it has ended
		}
		// pid (name, which may hold anything) state parent ...
		_, rest, _ := strings.Cut(string(data[bytes.LastIndexByte(data, ')')+1:]), " ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			found = append(found, filepath.Base(filepath.Dir(file)))
		}
	}
	return found
}
