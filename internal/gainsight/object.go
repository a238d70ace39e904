package gainsight

// Objects whose API name no source tells, as a connection's "objects" spells
// them.
const (
	// ObjectGoal is the object behind Customer Goals (goals.md, UNKNOWN).
	ObjectGoal = "goal"
)

// LabelledObjects returns, for every object whose API name is not known, the
// labels by which it may be found among a tenant's objects, the likeliest
// first. A connection's "objects" can name the object instead.
func LabelledObjects() map[string][]string {
	return map[string][]string{
		ObjectGoal: {"Customer Goal", "Customer Goals", "Goal", "Goals"},
	}
}
