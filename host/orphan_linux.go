package host

import "syscall"

// wakeOrphan has a connector that is stopped go on once its host is gone: only
// one that runs sees its stdin end, and leaves. One that runs takes no notice.
func wakeOrphan(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGCONT }
