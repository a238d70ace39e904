package gainsight

import "strings"

// SpeaksOfSchema reports whether a code says that a record does not fit the
// tenant's fields as they are now: a field that is not there, a value that is
// too long, of another type, or no active option, a mandatory field that is
// missing (common.md, sections 5.2 to 5.6).
func SpeaksOfSchema(code string) bool {
	switch code {
	case "GSOBJ_1001", "GSOBJ_1002", "GSOBJ_1007", "GSOBJ_1008", "GSOBJ_1012", "GSOBJ_VCRUDR1002",
		"COCKPIT_9700", "GS_TL_10_0206", "GU_2409":
		return true
	}
	return strings.HasPrefix(code, "GSOBJ_VDT")
}
