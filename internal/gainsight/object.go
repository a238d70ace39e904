package gainsight

import "strings"

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

// renamable returns the names of the objects behind the actions, for which a
// connection's "objects" may have others: those of [LabelledObjects], and those
// that a source names.
func renamable() map[string]bool {
	names := map[string]bool{
		"activity_timeline": true, "call_to_action": true, "cs_task": true, "cta_group": true, "gsuser": true,
	}
	for name := range LabelledObjects() {
		names[name] = true
	}
	return names
}

// Object returns the API name that this connection gives to an object behind an
// action; names of objects are matched regardless of case. Empty: none.
func (c Config) Object(name string) string { return c.objects[strings.ToLower(name)] }

// Renamed returns the objects behind actions to which this connection gives the
// API name given; names are matched regardless of case.
func (c Config) Renamed(given string) []string {
	var names []string
	for name, own := range c.objects {
		if strings.EqualFold(own, given) {
			names = append(names, name)
		}
	}
	return names
}
