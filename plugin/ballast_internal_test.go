package plugin

import (
	"runtime"
	"testing"
	"weak"
)

// TestBallast: it outlives collections while the process is small, and is gone
// for good once it is not.
func TestBallast(t *testing.T) {
	t.Parallel()
	sizes := make(chan uint64)
	weight := weak.Make(&newBallast(func() uint64 { return <-sizes }).weight[0])
	collect := func(live uint64) { // until the ballast has asked
		for {
			runtime.GC()
			select {
			case sizes <- live:
				return
			default:
			}
		}
	}
	for range 3 {
		collect(smallBytes - 1)
		if weight.Value() == nil {
			t.Fatal("a small process has thrown off its ballast")
		}
	}
	collect(smallBytes)
	for weight.Value() != nil {
		runtime.GC()
	}
}

func TestLiveBytes(t *testing.T) {
	t.Parallel()
	held := make([]byte, smallBytes)
	runtime.GC()
	if n := liveBytes(); n < smallBytes {
		t.Errorf("%d bytes are in use, want %d and more", n, smallBytes)
	}
	runtime.KeepAlive(held)
}
