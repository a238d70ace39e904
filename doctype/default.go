package doctype

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/schema"
)

// defaultValue returns the field's default as its schema takes it, or nil: the
// vendor gives every default as text, and one that is no value of the type
// would spoil a form that is filled in with it.
func (f Field) defaultValue(types schema.Types) any {
	if f.Default == "" || len(types) != 1 {
		return nil
	}
	switch types[0] {
	case schema.TypeBoolean:
		if b, err := strconv.ParseBool(strings.ToLower(f.Default)); err == nil {
			return b
		}
		return nil
	case schema.TypeNumber:
		return number(f.Default)
	case schema.TypeInteger:
		if n, err := strconv.ParseInt(f.Default, 10, 64); err == nil {
			return n
		}
		return nil
	case schema.TypeString:
		return f.defaultText()
	}
	return nil
}

// number returns a JSON number as it is written, or nil.
func number(text string) any {
	if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
		return json.Number(text)
	}
	return nil
}

// defaultText returns a default that is text in JSON.
func (f Field) defaultText() any {
	switch f.DataType {
	case "DATE":
		if _, err := time.Parse(time.DateOnly, f.Default); err != nil {
			return nil
		}
	case "PICKLIST":
		return f.defaultOption()
	case "STRING", "URL":
		if f.Length > 0 && utf8.RuneCountInString(f.Default) > f.Length {
			return nil
		}
	case "RICHTEXTAREA", "JSONSTRING":
	default:
		return nil // ids, addresses and times may be placeholders
	}
	return f.Default
}

// defaultOption finds the default among the active options, by value or label.
func (f Field) defaultOption() any {
	i := slices.IndexFunc(f.Options, func(o Option) bool {
		return o.Active && (o.Value == f.Default || strings.EqualFold(o.Label, f.Default))
	})
	if i < 0 {
		return nil
	}
	return f.Options[i].Value
}
