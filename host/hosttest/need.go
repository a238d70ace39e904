package hosttest

import (
	"runtime"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Need is something that a case cannot do without.
type Need string

// The needs.
const (
	// NeedProcess: the connector is a binary.
	NeedProcess Need = "process"
	// NeedInProcess: the connector runs in the process of the kit.
	NeedInProcess Need = "in_process"
	// NeedSignals: the system has signals.
	NeedSignals Need = "signals"
	// NeedProcFS: the system shows processes under /proc, as Linux does.
	NeedProcFS Need = "procfs"
	// NeedTenant: the profile names a connection.
	NeedTenant Need = "tenant"
	// NeedTwoTenants: the profile names two.
	NeedTwoTenants Need = "two_tenants"
	// NeedMarks: each connection has a mark.
	NeedMarks Need = "marks"
	// NeedRelay: the profile says where in the settings the address is.
	NeedRelay Need = "relay"
	// NeedSecret: the connections have secrets long enough to be looked for.
	NeedSecret Need = "secret"
	// NeedRead: an action of mode execute that reads has a sample.
	NeedRead Need = "read"
	// NeedWrite: an action of mode execute that is an unsafe write has one.
	NeedWrite Need = "write"
	// NeedDownload: an action of mode download has a sample.
	NeedDownload Need = "download"
	// NeedUpload: an action of mode upload has a sample with content.
	NeedUpload Need = "upload"
)

// missing says why a need is not met; empty if it is.
func (s *suite) missing(n Need) string {
	tenants := s.profile.Tenants
	switch n {
	case NeedProcess:
		return unless(s.source.binary() != "", "the connector has no process of its own here")
	case NeedInProcess:
		return unless(s.source.binary() == "", "it looks into the process of the connector, which is another one here")
	case NeedSignals:
		return unless(runtime.GOOS != "windows", "there are no signals on "+runtime.GOOS)
	case NeedProcFS:
		return unless(runtime.GOOS == "linux", "there is no /proc on "+runtime.GOOS)
	case NeedTenant:
		return unless(len(tenants) > 0, "the profile names no connection")
	case NeedTwoTenants:
		return unless(len(tenants) > 1, "the profile names no second connection")
	case NeedMarks:
		return unless(len(tenants) > 1 && tenants[0].Mark != "" && tenants[1].Mark != "", "the profile names no mark for each connection")
	case NeedRelay:
		return unless(s.profile.Address != "", "the profile does not say where in the settings the address is")
	case NeedSecret:
		return unless(len(s.secrets()) > 0, "no connection has a secret of 8 characters or more")
	case NeedRead, NeedWrite, NeedDownload, NeedUpload:
		_, reason := s.pick(n)
		return reason
	}
	return "the kit does not know how to provide it"
}

func unless(met bool, reason string) string {
	if met {
		return ""
	}
	return reason
}

// pick returns the sample that stands for a kind of action.
func (s *suite) pick(n Need) (sample, string) {
	if n == NeedRead && s.profile.Read != "" {
		for _, action := range s.manifest.Actions {
			if action.ID == s.profile.Read {
				if all, _ := s.samples(action); len(all) > 0 {
					return all[0], ""
				}
			}
		}
		return sample{}, "the action " + s.profile.Read + ", which the profile names, has no sample"
	}
	why := "there is no such action"
	for _, action := range s.manifest.Actions {
		if !fits(n, action) {
			continue
		}
		all, reason := s.samples(action)
		if len(all) > 0 {
			return all[0], ""
		}
		why = action.ID + " has no sample: " + reason
	}
	return sample{}, why
}

func fits(n Need, a connector.Action) bool {
	switch n {
	case NeedRead:
		return a.Mode == connector.ModeExecute && a.Effect == connector.EffectRead
	case NeedWrite:
		return a.Mode == connector.ModeExecute && a.Effect == connector.EffectUnsafeWrite
	case NeedDownload:
		return a.Mode == connector.ModeDownload
	case NeedUpload:
		return a.Mode == connector.ModeUpload
	default:
		return false
	}
}
