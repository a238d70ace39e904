package gainsight

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// concealed stands in an error for a value that must not be repeated.
const concealed = "[value]"

// assigned matches the start of "(Stage = xyz)": the vendor's templates end
// with the field and the offending value (common.md, section 5.2).
var assigned = regexp.MustCompile(`\(\s*([^()=]*[^()=\s])\s*=`)

// Conceal takes record values out of a text of the vendor: those it holds in
// its own "(field = value)" templates, and every value found in private, but
// single characters and the words true and false, which say nothing.
func Conceal(text string, private ...any) string {
	text = dropAssigned(text)
	var values []string
	for _, v := range private {
		values = leaves(values, v)
	}
	// What is hidden is marked first and replaced at the end, so that of values
	// that overlap or hold one another no part is left behind.
	hidden := make([]bool, len(text))
	for _, v := range values {
		for at := 0; ; at++ {
			i := strings.Index(text[at:], v)
			if i < 0 {
				break
			}
			at += i
			for j := at; j < at+len(v); j++ {
				hidden[j] = true
			}
		}
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			b.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			b.WriteString(concealed)
		}
	}
	return b.String()
}

// dropAssigned turns "(field = value)" into "(field)". A value may hold
// brackets itself, so it ends with the last one before the next template.
func dropAssigned(text string) string {
	starts := assigned.FindAllStringSubmatchIndex(text, -1)
	if starts == nil {
		return text
	}
	var b strings.Builder
	b.WriteString(text[:starts[0][0]])
	for i, s := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		b.WriteString("(" + text[s[2]:s[3]] + ")")
		if last := strings.LastIndexByte(text[s[1]:end], ')'); last >= 0 {
			b.WriteString(text[s[1]+last+1 : end])
		}
	}
	return b.String()
}

// leaves appends the texts of all scalars in v that are worth hiding.
func leaves(to []string, v any) []string {
	switch v := v.(type) {
	case nil, bool:
	case string:
		if len(v) > 1 {
			to = append(to, v)
		}
	case json.Number:
		to = leaves(to, v.String())
	case []any:
		for _, e := range v {
			to = leaves(to, e)
		}
	case map[string]any:
		for _, e := range v {
			to = leaves(to, e)
		}
	default: // as it goes over the wire
		b, err := json.Marshal(v)
		if err != nil {
			return to
		}
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.UseNumber()
		var plain any
		if dec.Decode(&plain) == nil {
			to = leaves(to, plain)
		}
	}
	return to
}
