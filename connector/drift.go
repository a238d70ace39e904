package connector

// DriftPolicy says what to do with a call if the part of the schema that its
// input uses is no longer what it was built with, see [Call.BuiltWith]. The
// input is never changed. Empty: not said.
type DriftPolicy string

// The policies.
const (
	// DriftIgnore does nothing: the fingerprint is not looked at.
	DriftIgnore DriftPolicy = "ignore"
	// DriftWarn goes on, with a [Diagnostic] for each change.
	DriftWarn DriftPolicy = "warn"
	// DriftHold fails with [ReasonSchemaDrift], a violation for each change, and
	// nothing sent. The host parks the call with its input until somebody has
	// looked at the step, and sends it again with a new fingerprint.
	DriftHold DriftPolicy = "hold"
	// DriftFail fails with [ReasonInvalidInput], the same violations, and
	// nothing sent: the call is over, as with any input that is wrong.
	DriftFail DriftPolicy = "fail"
)

// DriftPolicies returns all policies, the one that lets most pass first.
func DriftPolicies() []DriftPolicy {
	return []DriftPolicy{DriftIgnore, DriftWarn, DriftHold, DriftFail}
}

// DriftKeyword begins the [Violation.Keyword] of a change since a call was
// built; what has changed follows, such as "drift:removed".
const DriftKeyword = "drift:"
