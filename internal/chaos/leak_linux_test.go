package chaos_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// TestNothingIsLeft: after a storm the host is as it was before.
func TestNothingIsLeft(t *testing.T) { //nolint:paralleltest // it looks at the whole process
	dir, err := os.MkdirTemp("", "s") //nolint:usetesting // t.TempDir is too deep for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	w := weather{calls: 300, kill: 40, stop: 300}
	if raceDetector {
		w = weather{calls: 80, kill: 25}
	}
	weathered := func(t *testing.T) {
		t.Helper()
		_ = t.TempDir() // those of the calls are made below the first
		t.Setenv("TMPDIR", dir)
		s := newStorm(t, w)
		s.rage("w", w.calls)
		for _, record := range s.end() {
			t.Error(record)
		}
	}
	t.Run("the first opens what a process keeps", weathered) //nolint:paralleltest // as above
	goroutines, files, heap := goleak.IgnoreCurrent(), descriptors(t), liveHeap()
	t.Run("the second", weathered) //nolint:paralleltest // as above

	if err := goleak.Find(goroutines); err != nil {
		t.Error(err)
	}
	if now := descriptors(t); now != files {
		t.Errorf("%d descriptors are open, want %d as before", now, files)
	}
	if now := liveHeap(); now > heap+4<<20 {
		t.Errorf("%d bytes are in use, %d before", now, heap)
	}
	if left := children(t); left != "" {
		t.Errorf("processes %s are left", left)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

// TestConnectorLevelsOff: what a process has used after its first calls, it
// does not exceed by much after many more.
func TestConnectorLevelsOff(t *testing.T) {
	t.Parallel()
	calls, most := 1500, 4500
	if raceDetector || testing.Short() {
		calls, most = 100, 300
	}
	s := newStorm(t, weather{calls: most})
	made := s.rage("first-", calls)
	first := resident(t, int(s.pid.Load()))
	made += s.rage("rest-", most-calls)
	last := resident(t, int(s.pid.Load()))
	t.Logf("%d MiB after %d calls, %d MiB after %d", first>>20, calls, last>>20, made)
	if last > first+first/2+16<<20 {
		t.Errorf("%d bytes are resident after %d calls, %d after %d", last, made, first, calls)
	}
	for _, record := range s.end() {
		t.Error(record)
	}
}

// descriptors counts the open file descriptors of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}

// liveHeap is what is reachable, in bytes.
func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // what has a finalizer goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// children are the ids of this process's children.
func children(t *testing.T) string {
	t.Helper()
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, task := range tasks {
		ids, err := os.ReadFile("/proc/self/task/" + task.Name() + "/children")
		if err != nil {
			continue // the thread has ended
		}
		all.Write(ids)
	}
	return all.String()
}

// resident is the memory of a process, in bytes.
func resident(t *testing.T, pid int) int {
	t.Helper()
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
