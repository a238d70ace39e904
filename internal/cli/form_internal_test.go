package cli

import (
	"reflect"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// Every field of the sandbox's forms has a form on the command line, and every
// value but the default makes a difference.
func TestEveryFormIsOnTheCommandLine(t *testing.T) {
	t.Parallel()
	touched := map[string]bool{}
	for _, f := range allForms() {
		for i, c := range f.choices {
			var forms sandbox.Forms
			c.choose(&forms)
			v := reflect.ValueOf(forms)
			changed := 0
			for field := range v.NumField() {
				if !v.Field(field).IsZero() {
					touched[v.Type().Field(field).Name] = true
					changed++
				}
			}
			if i > 0 && changed != 1 {
				t.Errorf("--form %s=%s changes %d fields", f.name, c.value, changed)
			}
		}
	}
	for field := range reflect.TypeFor[sandbox.Forms]().Fields() {
		if !touched[field.Name] {
			t.Errorf("no form sets %s", field.Name)
		}
	}
}
