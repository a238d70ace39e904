package actions

import "github.com/gainsight-connector/gainsight-connector/schema"

// fieldNames finds a field of a record by what a tenant calls it: its name or
// its label. Labels that several fields have find none.
type fieldNames struct {
	byName, byLabel map[string][]string
}

// add takes a field with its names: its own, and those of what may be given in
// its place. A short form has the label of the field that it stands for.
func (f *fieldNames) add(about schema.Annotation, names []string) {
	if f.byName == nil {
		f.byName, f.byLabel = map[string][]string{}, map[string][]string{}
	}
	f.byName[names[0]] = names
	if about.Label == "" || about.Source == nil || about.Source.Field != names[0] {
		return
	}
	if _, twice := f.byLabel[about.Label]; twice {
		names = nil
	}
	f.byLabel[about.Label] = names
}

// find returns the names of the field that is called so. Nil: none is.
func (f *fieldNames) find(name string) []string {
	if names, ok := f.byName[name]; ok {
		return names
	}
	return f.byLabel[name]
}

// weight is about what f takes in memory, in bytes.
func (f *fieldNames) weight() int64 {
	const perField = 256
	return perField * int64(len(f.byName))
}
