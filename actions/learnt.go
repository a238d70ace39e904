package actions

// Learn notes what a call has found out about the tenant, by a key, for as long
// as the connection is open. Unlike a [Fact] it is nothing to ask for.
func (t *Tenant) Learn(key, value string) { t.learnt.Store(key, value) }

// Learnt returns what was noted last. Empty: nothing.
func (t *Tenant) Learnt(key string) string {
	value, _ := t.learnt.Load(key)
	text, _ := value.(string)
	return text
}
