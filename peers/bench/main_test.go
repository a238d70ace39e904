package bench_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// own is this process, which is the host of all plugins.
var own = os.Getpid()

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
