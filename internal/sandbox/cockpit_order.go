package sandbox

// cockpitOrder sorts the records of a list of dialect 2 if the forms let it
// (open question 32). The caller holds the tenant's lock.
func (t *Tenant) cockpitOrder(o *object, records []record, by order) ([]record, error) {
	if !t.forms.CockpitSorts || len(by) == 0 {
		return records, nil
	}
	sorting, err := t.sorting(o, by)
	if err != nil {
		return nil, err
	}
	keys := make([]sortKey, len(records))
	for i, r := range records {
		keys[i] = sorting.key(t, r, i)
	}
	sorted := make([]record, len(records))
	for i, k := range sorting.sort(keys) {
		sorted[i] = records[k.index]
	}
	return sorted, nil
}
