package cli

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

const selectFlag = "select"

// hideDefault keeps the help from showing "[]", which nobody can give, as the
// default of a flag of pairs; of lists pflag itself does.
func hideDefault(flags *pflag.FlagSet, name string) { flags.Lookup(name).DefValue = "" }

// hintSelect names the flag to a person whom the connector, which knows no
// flags, asks for a selector.
func hintSelect(err error) error {
	e := connector.AsError(err)
	_, selector, asked := strings.Cut(e.Message, "give selector ")
	if !asked || e.Hint != "" || !errors.Is(e, connector.ReasonInvalidInput) {
		return err
	}
	example := "VALUE"
	if selector == actions.SelectObject {
		example = "company"
	}
	return e.WithHint("add --%s %s=%s", selectFlag, selector, example)
}
