package schema

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Decode returns the one JSON value in data as Go values: map[string]any,
// []any, string, bool, nil, and [encoding/json.Number] for numbers, so that
// large integers and decimals keep their text.
//
// It accepts what encoding/json does, except that these are refused:
//   - text that is not UTF-8;
//   - a name that occurs twice in one object, since one of the two values
//     would be lost without a word;
//   - a number of more than 400 characters or with an exponent beyond ±400,
//     which no double holds and which costs seconds to compare.
//
// The error is a [connector.Error] with [connector.ReasonInvalidInput]. It
// says line, column in characters, and what was expected, and quotes nothing.
func Decode(data []byte) (any, error) {
	p := parser{data: data}
	v, err := p.document()
	if err == nil {
		return v, nil
	}
	if twice, ok := errors.AsType[*duplicateError](err); ok {
		return nil, connector.Invalid("the JSON names a property twice", []connector.Violation{
			{Pointer: twice.at.String(), Message: "occurs twice in its object"},
		})
	}
	syntax, ok := errors.AsType[*syntaxError](err)
	if !ok {
		return nil, err
	}
	line, column := position(data[:syntax.offset])
	found := ""
	if syntax.offset == len(data) {
		found = ", found the end"
	}
	return nil, connector.Errorf(connector.ReasonInvalidInput,
		"malformed JSON at line %d, column %d: expected %s%s", line, column, syntax.expected, found)
}

// position returns the line and the column, both from 1, that follow before.
func position(before []byte) (line, column int) {
	line = 1 + bytes.Count(before, []byte{'\n'})
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}
