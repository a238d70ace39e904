package cli

import (
	"strings"
	"unicode/utf8"
)

// table aligns rows in columns under headings that stand alone.
type table struct {
	indent string
	rows   [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// heading adds a line of its own, after an empty one.
func (t *table) heading(text string) { t.rows = append(t.rows, nil, []string{text}) }

func (t *table) String() string {
	widths := t.widths()
	var b strings.Builder
	for _, row := range t.rows {
		b.WriteString(t.line(row, widths))
		b.WriteByte('\n')
	}
	return b.String()
}

func (t *table) widths() []int {
	var widths []int
	for _, row := range t.rows {
		if len(row) < 2 {
			continue
		}
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

func (t *table) line(row []string, widths []int) string {
	if len(row) < 2 {
		return strings.Join(row, "")
	}
	var b strings.Builder
	b.WriteString(t.indent)
	for i, cell := range row {
		b.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
	}
	return strings.TrimRight(b.String(), " ")
}
