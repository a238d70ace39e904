package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// markdown is the catalog as a page: a table of all actions, then each with its
// smallest example.
func (s *session) markdown(ctx context.Context) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- Written by %s catalog --markdown. -->\n\n# Actions of %s\n\n", programName, s.manifest.Title)
	b.WriteString(actionTable(s.manifest.Actions))
	group := ""
	for _, a := range s.manifest.Actions {
		if a.Group != group {
			group = a.Group
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		example, err := s.smallestExample(ctx, a.ID)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n### %s\n\n`%s`: %s\n", a.Title, a.ID, a.Summary)
		if example != nil {
			fmt.Fprintf(&b, "\n<details><summary>Smallest input</summary>\n\n```json\n%s\n```\n\n</details>\n", example)
		}
	}
	return b.String(), nil
}

func actionTable(actions []connector.Action) string {
	var b strings.Builder
	b.WriteString("| id | title | group | effect | mode | doctype | a request takes | calls | evidence | vendor's page |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, a := range actions {
		page := ""
		if a.DocumentationURL != "" {
			page = "[page](" + a.DocumentationURL + ")"
		}
		fmt.Fprintf(&b, "| `%s` | [%s](#%s) | %s | %s | %s | %s | %s | %s | %s | %s |\n",
			a.ID, a.Title, anchor(a.Title), a.Group, words(a.Effect), words(a.Mode), words(a.DoctypeLookup),
			capacity(a.Limits), rates(a.Limits.Rates), words(a.Evidence), page)
	}
	return b.String()
}

// anchor is what a heading is linked by.
func anchor(heading string) string { return strings.ReplaceAll(strings.ToLower(heading), " ", "-") }

// capacity says what one request to the vendor takes or gives at most. Empty: no
// limit is known.
func capacity(l connector.ActionLimits) string {
	var all []string
	if l.RecordsPerRequest > 0 {
		all = append(all, plural(uint64(l.RecordsPerRequest), "record"))
	}
	if l.PageSize > 0 {
		all = append(all, plural(uint64(l.PageSize), "row"))
	}
	if l.BytesPerRequest > 0 {
		all = append(all, size(l.BytesPerRequest))
	}
	return strings.Join(all, ", ")
}

// rates says how many calls the tenant allows.
func rates(limits []connector.RateLimit) string {
	windows := map[time.Duration]string{time.Minute: "a minute", time.Hour: "an hour", 24 * time.Hour: "a day"}
	all := make([]string, len(limits))
	for i, l := range limits {
		window, ok := windows[l.Window]
		if !ok {
			window = "in " + duration(l.Window)
		}
		all[i] = count(uint64(l.Calls)) + " " + window
	}
	return strings.Join(all, ", ")
}

// smallestExample returns the first example of an action's input, indented. Nil:
// there is none.
func (s *session) smallestExample(ctx context.Context, action string) ([]byte, error) {
	d, err := s.plugin.Describe(ctx, connector.DescribeRequest{Action: action})
	if err != nil {
		return nil, err
	}
	var input struct {
		Examples []json.RawMessage `json:"examples"`
	}
	if err := json.Unmarshal(d.Input, &input); err != nil || len(input.Examples) == 0 {
		return nil, err
	}
	var indented bytes.Buffer
	err = json.Indent(&indented, input.Examples[0], "", "  ")
	return indented.Bytes(), err
}
