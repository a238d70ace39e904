package cli_test

import (
	"strings"
	"testing"
)

func TestHelp(t *testing.T) {
	t.Parallel()
	o := run(t, "--help")
	o.wants(t, 0)
	golden(t, "help.txt", o.stdout)
}

func TestEveryCommandHasAnExample(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"demo", "sandbox", "catalog", "check", "describe", "options", "run", "probe", "login", "diff", "conformance", "version",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			o := run(t, command, "--help")
			o.wants(t, 0)
			if !strings.Contains(o.stdout, "Examples:\n") || !strings.Contains(o.stdout, "gainsight-connector "+command) {
				t.Errorf("no example in:\n%s", o.stdout)
			}
			if strings.Contains(o.stdout, "(default [])") || strings.Contains(o.stdout, "(default )") {
				t.Errorf("a default that nobody can give in:\n%s", o.stdout)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if v, _ := decoded(t, run(t, "version", "--json").stdout)["version"].(string); !strings.HasPrefix(v, "10.7.") {
		t.Errorf("version = %q", v)
	}
	o := run(t, "version")
	o.wants(t, 0)
	if !strings.HasPrefix(o.stdout, "gainsight-connector 10.7.") {
		t.Errorf("stdout = %q", o.stdout)
	}
}

func TestWrongUsage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args  []string
		wants []string
	}{
		"unknown command":       {[]string{"demoo"}, []string{`error: unknown command "demoo"`, "hint: did you mean demo?"}},
		"far from any command":  {[]string{"xyzzy"}, []string{`error: unknown command "xyzzy"`, "hint: gainsight-connector --help"}},
		"unknown flag":          {[]string{"check", "--conection"}, []string{"unknown flag: --conection", "did you mean --connection?"}},
		"unknown command first": {[]string{"chekc", "--connection", "x"}, []string{`unknown command "chekc"`, "did you mean check?"}},
		"bad flag value":        {[]string{"run", "a", "--timeout", "90"}, []string{"--timeout 90: it is not a time with its unit, such as 90s"}},
		"bad number":            {[]string{"options", "a", "b", "--page-size", "x"}, []string{"--page-size x: it is not a whole number"}},
		"file of no name":       {[]string{"describe", "cta.create", "--connection", ""}, []string{"--connection names no FILE: its value is empty"}},
		"help on nothing":       {[]string{"help", "demoo"}, []string{`unknown command "demoo"`, "did you mean demo?"}},
		"argument missing":      {[]string{"describe"}, []string{"error: ACTION is missing", "hint: gainsight-connector describe --help"}},
		"second is missing":     {[]string{"options", "cta.create"}, []string{"error: POINTER is missing"}},
		"argument too many":     {[]string{"check", "acme.json"}, []string{`error: unexpected argument "acme.json"`}},
		"no connection":         {[]string{"run", "cta.list"}, []string{"error: --connection FILE is missing"}},
		"connection not there":  {[]string{"check", "--connection", "no.json"}, []string{"error: --connection no.json: no such file"}},
		"input not there":       {[]string{"run", "a", "--input", "no.json"}, []string{"--input no.json: no such file"}},
		"unknown side":          {[]string{"describe", "cta.list", "--side", "left"}, []string{`--side is input or output, not "left"`}},
		"page too large":        {[]string{"options", "a", "b", "--page-size", "1001"}, []string{"--page-size is 1 to 1000, not 1001"}},
		"page below zero":       {[]string{"options", "a", "b", "--page-size", "-1"}, []string{"--page-size is 1 to 1000, not -1"}},
		"timeout below zero":    {[]string{"run", "a", "--timeout", "-5s"}, []string{"--timeout is 0, for never, or more, not -5s"}},
		"connection a folder":   {[]string{"check", "--connection", "testdata"}, []string{"error: --connection testdata: is a directory"}},
		"input a folder":        {[]string{"run", "a", "--input", "testdata"}, []string{"error: --input testdata: is a directory"}},
		"flag of a command":     {[]string{"--verbose", "catalog"}, []string{"hint: --verbose goes after the command"}},
		"no plugin to choose":   {[]string{"sandbox", "--plugin", "x"}, []string{"unknown flag: --plugin"}},
		"JSON, no such command": {[]string{"xyzzy", "--json"}, []string{`{"error":{"reason":"INVALID_INPUT","message":"unknown command \"xyzzy\"`, `"origin":"caller"`}},
		"JSON, misspelt":        {[]string{"demoo", "--json"}, []string{`"reason":"INVALID_INPUT"`, `"origin":"caller"`}},
		"as JSON":               {[]string{"run", "--json"}, []string{`{"error":{"reason":"INVALID_INPUT","message":"ACTION is missing"`}},
		"JSON after bad flag":   {[]string{"run", "--bogus", "--json"}, []string{`{"error":{"reason":"INVALID_INPUT","message":"unknown flag: --bogus"`}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, tt.args...)
			o.wants(t, 2, tt.wants...)
			if o.stdout != "" {
				t.Errorf("stdout = %q", o.stdout)
			}
		})
	}
}
