package sandbox

import "fmt"

// Enforce makes a custom field of an object mandatory on creation from now on,
// as an administrator can (cta.md, DOC2), without a word of it in the metadata.
// It is an error if there is no such field.
func (t *Tenant) Enforce(objectName, fieldName string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := t.schema.object(objectName)
	if o == nil {
		return fmt.Errorf("sandbox: no object %s", objectName)
	}
	f := o.field(fieldName)
	if f == nil || f.group != groupCustom {
		return fmt.Errorf("sandbox: %s has no custom field %s", objectName, fieldName)
	}
	t.demands[f] = true
	return nil
}

// wants reports whether a custom field is mandatory on creation, whatever the
// metadata say. The tenant is locked.
func (t *Tenant) wants(f *field) bool {
	return f.group == groupCustom && (f.required || f.enforced || t.demands[f])
}

// enforced are the names of the fields of an object that [Tenant.Enforce] was
// called for. The tenant is locked.
func (t *Tenant) enforced(o *object) []string {
	var names []string
	for _, f := range o.fields {
		if t.demands[f] {
			names = append(names, f.name)
		}
	}
	return names
}
