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
	flags.StringVar(&f.kind, "fault", "", "make requests go wrong: `KIND` is one of\n"+strings.Join(names, ", ")+
		";\nthrottled=VALUE takes a value of the form "+throttleForm)
	flags.StringVar(&f.path, "fault-path", "", "only requests whose path begins with `PREFIX`, such as /v2/cockpit")
	flags.IntVar(&f.after, "fault-after", 0, "let this many of them pass first")
	flags.IntVar(&f.times, "fault-times", 0, "then hit this many; 0: all")
}

// faultKinds are the faults by name, and the names in the order of the help.
func faultKinds() (names []string, kinds map[string]sandbox.FaultKind) {
	names = []string{
		"throttled", "server-error", "unavailable", "dropped", "lost-answer", "truncated", "malformed", "unauthorized",
		"expired", "fewer-rows",
	}
	return names, map[string]sandbox.FaultKind{
		"throttled":    sandbox.FaultThrottled,
		"server-error": sandbox.FaultServerError,
		"unavailable":  sandbox.FaultUnavailable,
		"dropped":      sandbox.FaultDropped,
		"lost-answer":  sandbox.FaultLostAnswer,
		"truncated":    sandbox.FaultTruncated,
		"malformed":    sandbox.FaultMalformed,
		"unauthorized": sandbox.FaultUnauthorized,
		"expired":      sandbox.FaultExpired,
		"fewer-rows":   sandbox.FaultFewerRows,
	}
}

// faults are what the flags ask for. A throttled call is answered in the form of
// the tenant unless the flag names another.
func (r *sandboxRun) faults(forms sandbox.Forms) ([]sandbox.Fault, error) {
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
	name, value, formed := strings.Cut(f.kind, "=")
	names, kinds := faultKinds()
	kind, ok := kinds[name]
	switch {
	case !ok:
		e := wrongUsage("--fault %s: it is one of %s", f.kind, strings.Join(names, ", "))
		e.hint = nearest.Hint(name, names)
		return nil, e
	case formed && kind != sandbox.FaultThrottled:
		return nil, wrongUsage("--fault %s: only throttled has forms", f.kind)
	case formed:
		if err := choose("--fault "+f.kind, value, choicesOf(throttleForm), &forms); err != nil {
			return nil, err
		}
	}
	return append(faults, sandbox.Fault{Kind: kind, Throttle: forms.Throttle, Path: f.path, After: f.after, Times: f.times}), nil
}

// problem says which of the flags has a value that makes no sense, if any.
func (f *faultFlags) problem() error {
	switch {
	case f.after < 0:
		return wrongUsage("--fault-after is 0 or more, not %d", f.after)
	case f.times < 0:
		return wrongUsage("--fault-times is 0, for all, or more, not %d", f.times)
	case f.path == "" && (f.kind == "expired" || f.kind == "fewer-rows"):
		return wrongUsage("--fault %s is of the files of an export: add --fault-path /v3/exports, or a longer one", f.kind)
	case f.path != "" && !strings.HasPrefix(f.path, "/"):
		return wrongUsage("--fault-path begins with a slash: /%s", f.path)
	}
	return nil
}
