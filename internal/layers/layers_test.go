// Package layers_test holds the structure of the repository: which package may
// import which, and which packages know no Gainsight.
package layers_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/gainsight-connector/gainsight-connector"

// allowed lists, for every package, the packages of this module that its code
// (tests left out) may import. A package that is missing here fails the test:
// deciding where a new one belongs is part of making it.
func allowed() map[string][]string {
	group := []string{
		"actions", "actions/probe", "connector", "doctype", "internal/gainsight", "internal/jsonpointer", "internal/nearest", "schema",
	}
	return map[string][]string{
		"connector":            {},
		"proto/connector/v1":   {},
		"internal/nearest":     {},
		"internal/jsonpointer": {},
		"internal/lru":         {},
		"internal/indent":      {},
		"internal/snapshot":    {"internal/indent"},
		"internal/layers":      {},
		"internal/chaos":       {},
		"internal/wire":        {"connector", "proto/connector/v1"},
		"schema":               {"connector", "internal/jsonpointer", "internal/lru", "internal/nearest"},
		"plugin":               {"connector", "internal/lru", "internal/nearest", "internal/wire", "proto/connector/v1", "schema"},
		"host":                 {"connector", "internal/jsonpointer", "internal/nearest", "internal/wire", "proto/connector/v1", "schema"},
		"host/supervise":       {"connector", "host"},
		"host/hosttest": {
			"connector", "host", "internal/jsonpointer", "internal/nearest", "internal/wire", "plugin", "proto/connector/v1", "schema",
		},
		"internal/memo":      {"connector", "internal/lru"},
		"doctype":            {"connector", "internal/memo", "schema"},
		"internal/oauth":     {"connector"},
		"internal/gainsight": {"connector", "internal/jsonpointer", "internal/nearest", "internal/oauth"},
		"internal/delimited": {"doctype"},
		"internal/sandbox":   {}, // shares nothing with the connector, so that no mistake hides in both
		"actions": {
			"connector", "doctype", "internal/gainsight", "internal/lru", "internal/memo", "internal/nearest", "internal/snapshot",
			"plugin", "schema",
		},
		"actions/api":         group,
		"actions/bulk":        append([]string{"internal/delimited", "plugin"}, group...), // it reads chunks in goroutines
		"actions/cockpit":     append([]string{"actions/tasks"}, group...),                // a CTA takes a playbook
		"actions/goals":       group,
		"actions/metadata":    group,
		"actions/successplan": group,
		"actions/tasks":       group,
		"actions/timeline":    group,
		"actions/users":       group,
		"actions/probe":       {"connector", "doctype", "internal/gainsight", "internal/jsonpointer", "internal/nearest"},
		"actions/catalog": {
			"actions", "actions/api", "actions/bulk", "actions/cockpit", "actions/goals", "actions/metadata", "actions/successplan",
			"actions/probe", "actions/tasks", "actions/timeline", "actions/users", "connector", "internal/gainsight", "plugin",
		},
		"actions/actionstest": {"actions", "actions/catalog", "connector", "host", "internal/sandbox", "plugin"},
		"internal/cli": {
			"actions", "actions/catalog", "connector", "host", "host/hosttest", "internal/gainsight", "internal/nearest",
			"internal/oauth", "internal/sandbox", "internal/snapshot", "plugin", "schema",
		},

		"cmd/gainsight-connector": {"internal/cli"},

		// The template for a connector of another vendor has what such a one has.
		"examples/notes":           {"connector", "plugin", "schema"},
		"examples/notes/service":   {},
		"examples/notes/cmd/notes": {"examples/notes", "examples/notes/service", "plugin"},
	}
}

// generic are the packages that a connector for another vendor uses unchanged.
func generic() []string {
	return []string{
		"connector", "proto/connector/v1", "internal/jsonpointer", "internal/lru", "internal/nearest", "internal/wire", "schema", "plugin",
		"host", "host/supervise", "host/hosttest", "examples/notes",
	}
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	rules := allowed()
	found := packages(t)
	for dir := range rules {
		if _, ok := found[dir]; !ok {
			t.Errorf("%s is listed but does not exist", dir)
		}
	}
	for dir, files := range found {
		may, listed := rules[dir]
		if !listed {
			t.Errorf("%s is not listed: decide what it may import", dir)
			continue
		}
		for _, file := range files {
			for _, imported := range importsOf(t, file) {
				if !slices.Contains(may, imported) {
					t.Errorf("%s imports %s", file, imported)
				}
			}
		}
	}
}

func TestGenericPackagesKnowNoGainsight(t *testing.T) {
	t.Parallel()
	vendor := regexp.MustCompile(`(?i)gainsight|\bomd\b|\bcta\b`)
	found := packages(t)
	for _, dir := range generic() {
		for _, file := range found[dir] {
			source, err := os.ReadFile(file) //nolint:gosec // a file of this repository
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(source), "\n") {
				line = strings.ReplaceAll(line, module, "")
				if word := vendor.FindString(line); word != "" && !isExample(line) {
					t.Errorf("%s:%d speaks of %q", file, i+1, word)
				}
			}
		}
	}
}

// isExample reports whether a line only shows what a value can look like.
func isExample(line string) bool { return strings.Contains(line, "e.g. ") }

// packages returns the Go files of every folder of the module, tests left out.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(file, "go.mod"))
			if file != root && (nested == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(file, ".go") {
			dir, err := filepath.Rel(root, filepath.Dir(file))
			if err != nil {
				return err
			}
			dir = path.Clean(filepath.ToSlash(dir))
			if !strings.HasSuffix(file, "_test.go") {
				found[dir] = append(found[dir], file)
			} else if _, ok := found[dir]; !ok {
				found[dir] = nil
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < len(generic()) {
		t.Fatalf("only these folders hold Go code: %v", slices.Sorted(maps.Keys(found)))
	}
	return found
}

// importsOf returns the packages of this module that a file imports, relative
// to its root.
func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var own []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if rest, ok := strings.CutPrefix(imported, module+"/"); ok {
			own = append(own, rest)
		}
	}
	return own
}
