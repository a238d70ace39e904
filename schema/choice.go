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

// branchLabels returns what to call branches that are all constants, or nil.
func branchLabels(branches any) []string {
	list, _ := branches.([]any)
	var labels []string
	for _, b := range list {
		branch, _ := b.(map[string]any)
		value, ok := branch[kwConst]
		if !ok {
			return nil
		}
		labels = append(labels, choiceLabel(valueLabel(value), text(branch[kwTitle])))
	}
	return labels
}

// longValue is the length, in bytes, from which a value is an id that tells a
// person nothing.
const longValue = 24

// choiceLabel names a value that may have a title: by what has to be written,
// with the title beside it, or by the title alone if the value is an id.
func choiceLabel(value, title string) string {
	switch {
	case title == "" || title == value:
		return value
	case len(value) >= longValue:
		return title
	}
	return value + " (" + title + ")"
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
	if _, isText := value.(string); !isText && value != nil {
		return message + ", is " + article(typeOf(value))
	}
	return message + hint(text(value), labels)
}
