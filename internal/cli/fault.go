package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// faultFlags choose what goes wrong in the sandbox.
type faultFlags struct {
	kind         string
	path         string
	after, times int
}

func (f *faultFlags) register(flags *pflag.FlagSet) {
	names, _ := faultKinds()
	flags.StringVar(&f.kind, "fault", "", "make requests go wrong: `KIND` is one of\n"+strings.Join(names, ", "))
	flags.StringVar(&f.path, "fault-path", "", "only requests whose path begins with `PREFIX`, such as /v2/cockpit")
	flags.IntVar(&f.after, "fault-after", 0, "let this many of them pass first")
	flags.IntVar(&f.times, "fault-times", 0, "then hit this many; 0: all")
}

// faultKinds are the faults by name, and the names in the order of the help.
func faultKinds() (names []string, kinds map[string]sandbox.FaultKind) {
	names = []string{"throttled", "server-error", "unavailable", "dropped", "lost-answer", "truncated", "malformed", "unauthorized"}
	return names, map[string]sandbox.FaultKind{
		"throttled":    sandbox.FaultThrottled,
		"server-error": sandbox.FaultServerError,
		"unavailable":  sandbox.FaultUnavailable,
		"dropped":      sandbox.FaultDropped,
		"lost-answer":  sandbox.FaultLostAnswer,
		"truncated":    sandbox.FaultTruncated,
		"malformed":    sandbox.FaultMalformed,
		"unauthorized": sandbox.FaultUnauthorized,
	}
}

// faults are what the flags ask for.
func (r *sandboxRun) faults() ([]sandbox.Fault, error) {
	var faults []sandbox.Fault
	if r.latency > 0 {
		faults = append(faults, sandbox.Fault{Kind: sandbox.FaultLatency, Delay: r.latency})
	}
	f := r.fault
	if f.kind == "" {
		if f.path != "" || f.after != 0 || f.times != 0 {
			return nil, wrongUsage("--fault-path, --fault-after and --fault-times go with --fault KIND")
		}
		return faults, nil
	}
	names, kinds := faultKinds()
	kind, ok := kinds[f.kind]
	if !ok {
		e := wrongUsage("--fault %s: it is one of %s", f.kind, strings.Join(names, ", "))
		e.hint = nearest.Hint(f.kind, names)
		return nil, e
	}
	return append(faults, sandbox.Fault{Kind: kind, Path: f.path, After: f.after, Times: f.times}), nil
}
