package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// maxChunks is how many requests one page of options costs at most, beside one
// for the beginning of the list and one for the metadata of the object. A page
// may be short for that.
const maxChunks = 3

// recordList is how the records of an object become options.
type recordList struct {
	object string // as the tenant's API spells it
	value  string // the field whose value goes into the input
	name   string // the field that people know a record by; empty: not known
	detail string // the field that tells records of one name apart; empty: none
	active string // the field that says whether new records may name it; empty: none
}

const fieldGSID = "Gsid"

// details are the fields that tell records of one name apart, by object.
func details() map[string]string {
	return map[string]string{"gsuser": "Email", "person": "Email", "da_picklist": "Category"}
}

// records returns the records that a lookup can name, by name. A list that the
// first request completes is searched here, whatever the case of its letters.
// Of a longer one the tenant is asked for what matches the longest word, in the
// spellings that are likely: whether it minds the case is not known.
func (t *Tenant) records(ctx context.Context, l schema.Lookup, w optionWindow) (connector.OptionPage, error) {
	list, err := t.recordList(ctx, l)
	if err != nil {
		return connector.OptionPage{}, err
	}
	head, err := t.chunk(ctx, list, "", 0)
	if err != nil {
		return connector.OptionPage{}, err
	}
	word := ""
	if head.More {
		word = w.longest()
	}
	var page connector.OptionPage
	size, at := t.chunkRows(), w.from
	for range maxChunks {
		c, err := t.chunk(ctx, list, word, at/size)
		if err != nil {
			return connector.OptionPage{}, err
		}
		for i := at % size; i < len(c.Options); i++ {
			if !w.matches(c.Options[i]) {
				continue
			}
			if len(page.Options) == w.size {
				page.NextPageToken = w.token(at - at%size + i)
				return page, nil
			}
			page.Options = append(page.Options, c.Options[i])
		}
		if !c.More {
			return page, nil
		}
		at += size - at%size
	}
	page.NextPageToken = w.token(at)
	return page, nil
}

// recordList chooses the fields by the metadata. Where the tenant does not show
// those, a record has the name that most have.
func (t *Tenant) recordList(ctx context.Context, l schema.Lookup) (recordList, error) {
	list := recordList{object: l.Object, value: fieldGSID, name: "Name", detail: details()[strings.ToLower(l.Object)]}
	if l.Field != "" {
		list.value = l.Field
	}
	snapshot, err := t.Object(ctx, l.Object)
	if errors.Is(err, connector.ReasonNotFound) || errors.Is(err, connector.ReasonPermissionDenied) {
		return list, nil
	}
	if err != nil {
		return list, err
	}
	list.object = snapshot.Object.Name
	return list.shaped(snapshot.Object), nil
}

// shaped corrects what the metadata tell otherwise.
func (l recordList) shaped(o doctype.Object) recordList {
	named := map[string]string{}
	title := ""
	for _, f := range o.Fields {
		named[strings.ToLower(f.Name)] = f.Name
		if f.NameField && f.DataType == "STRING" {
			title = f.Name
		}
	}
	spelt := func(name string) string { return named[strings.ToLower(name)] }
	if title == "" {
		title = spelt(l.name)
	}
	l.name, l.detail, l.active = title, spelt(l.detail), spelt("IsActiveUser")
	return l
}

// recordChunk is a part of a list: what one request returns.
type recordChunk struct {
	Options []connector.Option
	// More is set if others may follow.
	More bool
}

func (t *Tenant) chunkRows() int {
	return max(1, t.client.Config().Endpoint(gainsight.ObjectQuery).PageSize)
}

// chunk asks for a part of the list of records that have a word in them, if one
// is given.
func (t *Tenant) chunk(ctx context.Context, l recordList, word string, number int) (recordChunk, error) {
	key := fmt.Sprintf("records/%s/%s/%d/%s", l.object, l.value, number, word)
	return Fact(ctx, t, key, func(ctx context.Context, s Session) (recordChunk, error) {
		q, size := l.query(word), t.chunkRows()
		body, err := gainsight.DialectObject.Encode(q, &gainsight.Page{Number: number, Size: size})
		if err != nil {
			return recordChunk{}, err
		}
		answer, err := s.Do(ctx, gainsight.Request{
			Endpoint: gainsight.ObjectQuery, Path: map[string]string{"object": l.object}, Effect: connector.EffectRead,
			Body: body, Private: q.Private(),
		})
		if gainsight.IsEmptyResult(err) {
			return recordChunk{}, nil
		}
		if err != nil {
			return recordChunk{}, t.ExplainObject(ctx, err, l.object)
		}
		rows, err := RowsOf(t.client.Config().Endpoint(gainsight.ObjectQuery), answer)
		return recordChunk{Options: l.options(rows), More: len(rows) == size}, err
	})
}

// query asks for records by name.
func (l recordList) query(word string) gainsight.Query {
	order := l.name
	if order == "" {
		order = fieldGSID
	}
	q := gainsight.Query{OrderBy: map[string]string{order: "asc"}}
	for _, name := range []string{fieldGSID, l.value, l.name, l.detail, l.active} {
		if name != "" && !slices.Contains(q.Select, name) {
			q.Select = append(q.Select, name)
		}
	}
	if word == "" {
		return q
	}
	q.Where = &gainsight.Where{}
	var aliases []string
	for _, name := range q.Select {
		if name == l.active || name == fieldGSID && l.name != "" {
			continue
		}
		for _, spelling := range spellings(word) {
			aliases = append(aliases, fmt.Sprintf("C%d", len(aliases)+1))
			q.Where.Conditions = append(q.Where.Conditions, gainsight.Condition{
				Name: name, Operator: "CONTAINS", Value: []any{spelling}, Alias: aliases[len(aliases)-1],
			})
		}
	}
	q.Where.Expression = strings.Join(aliases, " OR ")
	return q
}

// spellings are the ways in which a word in lower case is likely to be stored.
func spellings(word string) []string {
	first, rest := utf8.DecodeRuneInString(word)
	all := []string{word, string(unicode.ToUpper(first)) + word[rest:], strings.ToUpper(word)}
	slices.Sort(all)
	return slices.Compact(all)
}

// options turns rows into options. A row without a value is none, and a value
// that several rows have is one.
func (l recordList) options(rows []json.RawMessage) []connector.Option {
	options := make([]connector.Option, 0, len(rows))
	seen := make(map[string]bool, len(rows))
	for _, raw := range rows {
		row := newRow(raw)
		o := connector.Option{Value: row.text(l.value), Label: row.text(l.name), ID: row.text(fieldGSID)}
		if o.Value == "" || seen[o.Value] {
			continue
		}
		seen[o.Value] = true
		if detail := row.text(l.detail); o.Label == "" {
			o.Label = o.Value
		} else if detail != "" {
			o.Label += " (" + detail + ")"
		}
		if o.ID == o.Value {
			o.ID = ""
		}
		o.Inactive = strings.EqualFold(row.text(l.active), "false")
		options = append(options, o)
	}
	return options
}
