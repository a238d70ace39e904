package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An order is the orderBy of dialect 1: field to asc or desc, in the order
// written, which a Go map would lose.
type order []orderTerm

type orderTerm struct {
	name string
	desc bool
}

// UnmarshalJSON reads the object key by key.
func (o *order) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t == nil {
		return err
	} else if t != json.Delim('{') {
		return errors.New("orderBy must be an object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		direction, err := d.Token()
		if err != nil {
			return err
		}
		if direction != "asc" && direction != "desc" {
			return errors.New("orderBy takes asc or desc")
		}
		name, _ := key.(string)
		*o = append(*o, orderTerm{name: name, desc: direction == "desc"})
	}
	return nil
}

// A sorting is a compiled orderBy. Empty, it leaves the order as it is.
type sorting []sortColumn

type sortColumn struct {
	column
	desc bool
}

// A sortKey is what a row is sorted by, so that each value is computed once.
type sortKey struct {
	index  int
	values []any // nil, string, float64, bool or time.Time
}

// sorting compiles an orderBy.
func (t *Tenant) sorting(o *object, by order) (sorting, error) {
	var out sorting
	for _, term := range by {
		col, ok := t.schema.column(o, term.name, dialectObject)
		if !ok || !col.field.sortable() {
			return nil, fmt.Errorf("invalid field in orderBy - %s", term.name)
		}
		out = append(out, sortColumn{column: col, desc: term.desc})
	}
	return out, nil
}

// key computes the key of a row. The caller holds the tenant's lock.
func (s sorting) key(t *Tenant, r row, index int) sortKey {
	k := sortKey{index: index}
	for i := range s {
		v := t.value(r, &s[i].column)
		if n, ok := toFloat(v); ok {
			v = n
		}
		k.values = append(k.values, v)
	}
	return k
}

// sort sorts keys in place, equal ones by index.
func (s sorting) sort(keys []sortKey) []sortKey {
	if len(s) == 0 {
		return keys
	}
	slices.SortFunc(keys, func(a, b sortKey) int {
		for i := range s {
			n := compareValues(a.values[i], b.values[i])
			if s[i].desc {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return cmp.Compare(a.index, b.index)
	})
	return keys
}

// compareValues orders two values of one field, nulls first (INFERRED).
func compareValues(a, b any) int {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y)
		}
	case float64:
		if y, ok := b.(float64); ok {
			return cmp.Compare(x, y)
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y)
		}
	case bool:
		if y, ok := b.(bool); ok {
			return cmp.Compare(rank(x), rank(y))
		}
	case nil:
		return cmp.Compare(0, rank(b != nil))
	}
	return 1 // b is null
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}
