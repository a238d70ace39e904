package bench_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// build makes a program of one of the packages, as small as a release is, and
// returns its path.
func build(tb testing.TB, dir, name string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-ldflags=-s -w", "-o", path, ".") //nolint:gosec // of this repository
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("building %s: %v\n%s", name, err, out)
	}
	return path
}

// tenant is the tenant's process.
type tenant struct {
	address string
	pid     int
}

func startTenant(tb testing.TB) tenant {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), build(tb, "tenant", "tenant")) //nolint:gosec // what was just built
	stdin, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		tb.Fatal(err)
	}
	return tenant{strings.TrimSpace(line), cmd.Process.Pid}
}

// tick is the unit in which Linux counts processor time.
const tick = time.Second / 100

// processorTime is what a process and those of its children that have ended have
// spent so far; 0 where the system does not tell.
func processorTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 15 {
		return 0
	}
	ticks := 0
	for _, field := range fields[11:15] { // its own and its children's, user and system
		n, _ := strconv.Atoi(field)
		ticks += n
	}
	return time.Duration(ticks) * tick
}

// peak is the largest resident memory that a process has had, in MiB; 0 where
// the system does not tell.
func peak(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}
