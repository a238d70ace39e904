// Package indent writes JSON for people and for line-by-line comparison.
package indent

import (
	"bytes"
	"encoding/json"
	"errors"
)

// JSON writes data with its outer levels indented, a member to a line, and
// what is deeper on one line: a list of objects at the last level has an object
// to a line. Numbers, strings and the order of members stay as they are. The
// error is that of data that is no JSON.
func JSON(data []byte, levels int) ([]byte, error) {
	if !json.Valid(data) {
		return nil, errors.New("indent: not valid JSON")
	}
	w := writer{levels: levels}
	if err := w.value(data, 0); err != nil {
		return nil, err
	}
	w.out.WriteByte('\n')
	return w.out.Bytes(), nil
}

type writer struct {
	levels int
	out    bytes.Buffer
}

func (w *writer) value(data []byte, level int) error {
	data = bytes.TrimSpace(data)
	if level >= w.levels || len(data) == 0 || data[0] != '{' && data[0] != '[' {
		return json.Compact(&w.out, data)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return err
	}
	w.out.WriteByte(data[0])
	empty := true
	for ; dec.More(); empty = false {
		if !empty {
			w.out.WriteByte(',')
		}
		w.line(level + 1)
		if data[0] == '{' {
			if err := w.key(dec); err != nil {
				return err
			}
		}
		if err := w.next(dec, level+1); err != nil {
			return err
		}
	}
	if !empty {
		w.line(level)
	}
	w.out.WriteByte(data[len(data)-1])
	return nil
}

// key writes the next key of dec.
func (w *writer) key(dec *json.Decoder) error {
	key, err := dec.Token()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(&w.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(key); err != nil {
		return err
	}
	w.out.Truncate(w.out.Len() - 1) // the line feed
	w.out.WriteString(": ")
	return nil
}

// next writes the next value of dec.
func (w *writer) next(dec *json.Decoder, level int) error {
	var value json.RawMessage
	if err := dec.Decode(&value); err != nil {
		return err
	}
	return w.value(value, level)
}

func (w *writer) line(level int) {
	w.out.WriteByte('\n')
	for range level {
		w.out.WriteByte(' ')
	}
}
