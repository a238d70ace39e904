package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

const programName = "gainsight-connector"

// app is one run of the command line.
type app struct {
	env

	json   bool
	log    logging
	plugin string

	// begun is set once the command line is understood.
	begun  bool
	report report
}

// run runs the command line and tells how it went.
func run(ctx context.Context, e env, args []string) int {
	a := &app{env: e}
	root := newRoot(a) //nolint:contextcheck // cobra hands the context to each command
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && !a.begun {
		a.json = a.json || slices.Contains(args, "--json") // flags may not have been read
		err = asUsage(err)
	}
	return a.finish(err)
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   programName,
		Short: "The Gainsight CS connector: try it, describe its actions and run them",
		Long: `The Gainsight CS connector and a host for it in one binary.

The commands launch the connector as a child process and talk to it over gRPC,
as an integration platform does; login, sandbox and version need none. Results
go to stdout as JSON, everything else to stderr.

Exit codes: 0 success, 1 the action failed, 2 wrong usage, 3 some records failed
or, of probe, the tenant differs from what is assumed, or, of diff, a schema has
changed, or, of conformance, some cases failed.`,
		Example: `  gainsight-connector demo
  gainsight-connector run object.list --connection acme.json`,
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			err := filesNamed(cmd)
			a.begun = err == nil
			return err
		},
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().BoolVar(&a.json, "json", false, "write to stderr one JSON object instead of sentences")
	drivers := []*cobra.Command{
		demoCommand(a), catalogCommand(a), checkCommand(a), probeCommand(a), describeCommand(a), diffCommand(a), optionsCommand(a),
		runCommand(a),
	}
	for _, cmd := range drivers {
		a.pluginFlags(cmd)
	}
	root.AddCommand(drivers...)
	root.AddCommand(loginCommand(a), sandboxCommand(a), conformanceCommand(a), versionCommand(a))
	root.SetHelpCommand(helpCommand())
	return root
}

// helpCommand is that of cobra, which takes a word that is no command for
// success.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Explain a command",
		Long:    "Explain a command, or list all.",
		Example: "  gainsight-connector help run",
		RunE: func(cmd *cobra.Command, args []string) error {
			explained, rest, err := cmd.Root().Find(args)
			switch {
			case err != nil:
				return asUsage(err)
			case len(rest) > 0:
				return wrongUsage("unknown command %q", strings.Join(args, " "))
			}
			explained.InitDefaultHelpFlag()
			return explained.Help()
		},
	}
}

// usageError is about the command line itself.
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

func wrongUsage(format string, args ...any) *usageError {
	return &usageError{message: fmt.Sprintf(format, args...)}
}

// asUsage returns an error about the command line as a [usageError]. Cobra
// appends its suggestions to the message.
func asUsage(err error) *usageError {
	if usage, ok := errors.AsType[*usageError](err); ok {
		return usage
	}
	message, suggested, found := strings.Cut(err.Error(), "\n\nDid you mean this?\n")
	if !found {
		return &usageError{message: message, hint: programName + " --help"}
	}
	return &usageError{message: message, hint: "did you mean " + strings.Join(strings.Fields(suggested), " or ") + "?"}
}

// flagError names the flags close to one that does not exist.
func flagError(cmd *cobra.Command, err error) error {
	e := &usageError{message: err.Error(), hint: cmd.CommandPath() + " --help"}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return invalidValue(invalid, e)
	}
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return e
	}
	for _, sub := range cmd.Commands() {
		if sub.Flags().Lookup(unknown.GetSpecifiedName()) != nil {
			e.hint = "--" + unknown.GetSpecifiedName() + " goes after the command"
			return e
		}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	if hint := nearest.Hint("--"+unknown.GetSpecifiedName(), names); hint != "" {
		e.hint = hint
	}
	return e
}

// invalidValue says of a number or a duration, which pflag explains in the words
// of Go's parsers, what it is to look like.
func invalidValue(invalid *pflag.InvalidValueError, otherwise *usageError) error {
	f := invalid.GetFlag()
	switch f.Value.Type() {
	case "int":
		return wrongUsage("--%s %s: it is not a whole number", f.Name, invalid.GetValue())
	case "duration":
		return wrongUsage("--%s %s: it is not a time with its unit, such as 90s or 5m", f.Name, invalid.GetValue())
	}
	return otherwise
}

// arguments checks that a command has the named arguments and no others. Those
// in brackets, the last ones, may be missing.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names) && !strings.HasPrefix(names[len(args)], "["):
			return &usageError{message: names[len(args)] + " is missing", hint: cmd.CommandPath() + " --help"}
		case len(args) > len(names):
			return &usageError{message: fmt.Sprintf("unexpected argument %q", args[len(names)]), hint: cmd.CommandPath() + " --help"}
		}
		return nil
	}
}
