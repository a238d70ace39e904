package cli

import (
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// form is one way in which the sandbox can answer otherwise, for --form.
type form struct {
	name    string
	choices []formChoice // the first is the default
}

// formChoice is one value of a form.
type formChoice struct {
	value, meaning string
	choose         func(*sandbox.Forms)
}

// listForms is the value of --form that prints them all.
const listForms = "list"

// formFlag is what --form NAME=VALUE was given.
type formFlag []string

// listed reports whether the forms are to be printed.
func (f formFlag) listed() bool { return slices.Contains(f, listForms) }

// forms are what the flag asks for.
func (f formFlag) forms() (sandbox.Forms, error) {
	var chosen sandbox.Forms
	for _, setting := range f {
		name, value, _ := strings.Cut(setting, "=")
		choices := choicesOf(name)
		if choices == nil {
			e := wrongUsage("--form %s: there is no form %q", setting, name)
			if e.hint = nearest.Hint(name, formNames()); e.hint == "" {
				e.hint = "--form " + listForms + " prints them all"
			}
			return chosen, e
		}
		if err := choose("--form "+setting, value, choices, &chosen); err != nil {
			return chosen, err
		}
	}
	return chosen, nil
}

// choose puts the value that a flag gave into forms.
func choose(flag, value string, choices []formChoice, forms *sandbox.Forms) error {
	values := make([]string, len(choices))
	for i, c := range choices {
		if c.value == value {
			c.choose(forms)
			return nil
		}
		values[i] = c.value
	}
	e := wrongUsage("%s: the value is one of %s", flag, strings.Join(values, ", "))
	e.hint = nearest.Hint(value, values)
	return e
}

func choicesOf(name string) []formChoice {
	for _, f := range allForms() {
		if f.name == name {
			return f.choices
		}
	}
	return nil
}

func formNames() []string {
	all := allForms()
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.name
	}
	return names
}

// formListing is all forms as a person reads them.
func formListing() string {
	var t table
	t.add("FORM", "VALUE", "MEANING")
	for _, f := range allForms() {
		name := f.name
		for i, c := range f.choices {
			meaning := c.meaning
			if i == 0 {
				meaning += " (default)"
			}
			t.add(name, c.value, meaning)
			name = ""
		}
	}
	return t.String()
}
