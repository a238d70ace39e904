package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// mostChoices is how many allowed values a message lists.
const mostChoices = 10

// choicesOf returns what a person would call the values that node allows, and
// the keyword that lists them. It returns nil if none does.
func choicesOf(node map[string]any) (keyword string, labels []string) {
	if value, ok := node[kwConst]; ok {
		return kwConst, []string{valueLabel(value)}
	}
	if values, ok := node[kwEnum].([]any); ok {
		for _, value := range values {
			labels = append(labels, valueLabel(value))
		}
		return kwEnum, labels
	}
	for _, keyword := range []string{kwOneOf, kwAnyOf} {
		if labels := branchLabels(node[keyword]); labels != nil {
			return keyword, labels
		}
	}
	return "", nil
}

// branchLabels returns the titles, else the values, of branches that are all
// constants, or nil.
func branchLabels(branches any) []string {
	list, _ := branches.([]any)
	var labels []string
	for _, b := range list {
		branch, _ := b.(map[string]any)
		value, ok := branch[kwConst]
		if !ok {
			return nil
		}
		label := text(branch[kwTitle])
		if label == "" {
			label = valueLabel(value)
		}
		labels = append(labels, label)
	}
	return labels
}

// valueLabel names a value of the schema.
func valueLabel(value any) string {
	switch v := value.(type) {
	case string:
		if v == "" {
			return "the empty string"
		}
		return v
	case json.Number, bool:
		return fmt.Sprint(v)
	}
	return article(typeOf(value))
}

// choiceMessage says e.g. "must be one of New, Open, Closed (+6 more); did you
// mean Open?". The suggestion is always one of the labels.
func choiceMessage(labels []string, value any) string {
	if len(labels) == 1 {
		return "must be " + labels[0]
	}
	listed := labels[:min(len(labels), mostChoices)]
	message := "must be one of " + strings.Join(listed, ", ")
	if more := len(labels) - len(listed); more > 0 {
		message += fmt.Sprintf(" (+%d more)", more)
	}
	return message + hint(text(value), labels)
}
