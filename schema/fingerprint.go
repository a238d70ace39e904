package schema

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Fingerprint is what is kept of a schema to tell later how it has changed: of
// every field its place, the id of its source, its type, whether it is
// required, its limits, and short digests of its options. It has no labels, no
// descriptions and no values.
type Fingerprint struct {
	// Of says which schema it is of.
	Of string
	// Selectors are what the schema depends on.
	Selectors map[string]string

	root *shape
	// partial is set if it has only what an input uses, and what is required.
	partial bool
}

const (
	// fingerprintPrefix is the version of the text form.
	fingerprintPrefix = "fp1."
	// maxFingerprint bounds the text form, maxFingerprintJSON the JSON in it.
	maxFingerprint     = 1 << 20
	maxFingerprintJSON = 8 << 20
)

// Take returns the fingerprint of a schema. The error is that of [Diff].
func Take(of string, selectors map[string]string, schema json.RawMessage) (*Fingerprint, error) {
	root, err := shapeOf(schema)
	if err != nil {
		return nil, err
	}
	return &Fingerprint{Of: of, Selectors: maps.Clone(selectors), root: root}, nil
}

// printed is the JSON in a fingerprint.
type printed struct {
	Of        string            `json:"of"`
	Selectors map[string]string `json:"selectors,omitempty"`
	Partial   bool              `json:"partial,omitempty"`
	Root      *printedShape     `json:"root"`
}

// printedShape is a [shape] with short keys, since there are hundreds.
type printedShape struct {
	Types    []string                 `json:"t,omitempty"`
	Null     bool                     `json:"n,omitempty"`
	Format   string                   `json:"f,omitempty"`
	Encoding string                   `json:"e,omitempty"`
	ID       string                   `json:"i,omitempty"`
	Required bool                     `json:"q,omitempty"`
	ReadOnly bool                     `json:"w,omitempty"`
	Limits   map[string]string        `json:"l,omitempty"`
	Options  string                   `json:"o,omitempty"` // digest of the value and of the title, of each
	Closed   bool                     `json:"c,omitempty"`
	Fields   map[string]*printedShape `json:"p,omitempty"`
	Items    *printedShape            `json:"a,omitempty"`
	Names    *printedShape            `json:"k,omitempty"`
}

// String returns the text form, which [ParseFingerprint] reads: the version
// "fp1.", then base64url without padding of zlib of a JSON object. Two texts of
// the same fingerprint may differ between releases; compare schemas by their
// ETag instead.
//
// The object has "of", "selectors", "partial" (only what an input uses) and
// "root", the schema. A schema has, if it is there, "t" types, "n" null
// allowed, "f" format, "e" encoding, "i" id of the source (8 characters of
// base64url of a SHA-256), "q" required, "w" read only, "l" limits by keyword,
// "o" the active options (4 characters each of the digests of value and title,
// for one option after the other), "c" nothing but the options is taken, "p"
// properties, "a" items and "k" what the names of properties are.
func (f *Fingerprint) String() string {
	data, err := encode(printed{Of: f.Of, Selectors: f.Selectors, Partial: f.partial, Root: printShape(f.root)})
	if err != nil {
		return "" // cannot be: it holds nothing but text
	}
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, zlib.BestCompression) // the level is a good one
	_, _ = w.Write(data)                                  // a buffer takes all
	_ = w.Close()
	return fingerprintPrefix + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

func printShape(s *shape) *printedShape {
	if s == nil {
		return nil
	}
	p := &printedShape{
		Types: s.types, Null: s.null, Format: s.format, Encoding: s.encoding, ID: s.id, Required: s.required, ReadOnly: s.readOnly,
		Limits: s.limits, Closed: s.closed, Items: printShape(s.items),
		Names: printShape(s.names),
	}
	for _, o := range s.options {
		if !o.inactive {
			p.Options += o.value + o.title
		}
	}
	if len(s.fields) > 0 {
		p.Fields = make(map[string]*printedShape, len(s.fields))
		for name, field := range s.fields {
			p.Fields[name] = printShape(field)
		}
	}
	return p
}

// ParseFingerprint reads the text form. The error is a [connector.Error] with
// [connector.ReasonInvalidInput]; it quotes nothing.
func ParseFingerprint(text string) (*Fingerprint, error) {
	p, err := parsePrinted(text)
	if err != nil {
		return nil, connector.Errorf(connector.ReasonInvalidInput, "the fingerprint of a schema cannot be read: %w", err).
			WithHint("describe the action with a fingerprint and keep that with the step")
	}
	root, err := p.Root.shape("")
	if err != nil {
		return nil, connector.Errorf(connector.ReasonInvalidInput, "the fingerprint of a schema cannot be read: %w", err)
	}
	return &Fingerprint{Of: p.Of, Selectors: p.Selectors, partial: p.Partial, root: root}, nil
}

func parsePrinted(text string) (*printed, error) {
	rest, ok := strings.CutPrefix(text, fingerprintPrefix)
	switch {
	case len(text) > maxFingerprint:
		return nil, errors.New("it is longer than a fingerprint can be")
	case !ok && strings.HasPrefix(text, "fp"):
		return nil, errors.New("it is of another version than " + strings.TrimSuffix(fingerprintPrefix, "."))
	case !ok:
		return nil, errors.New("it is none: it has to begin with " + strings.TrimSuffix(fingerprintPrefix, "."))
	}
	broken := errors.New("it is cut off or changed")
	packed, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil {
		return nil, broken
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, broken
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFingerprintJSON+1))
	if err != nil || len(data) > maxFingerprintJSON {
		return nil, broken
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var p printed
	if err := dec.Decode(&p); err != nil || p.Of == "" || p.Root == nil {
		return nil, broken
	}
	return &p, nil
}

// shape returns the shape of the field called name.
func (p *printedShape) shape(name string) (*shape, error) {
	const pair = 2 * optionDigest
	if p == nil || len(p.Options)%pair != 0 {
		return nil, errors.New("a field in it is damaged")
	}
	s := &shape{
		types: p.Types, null: p.Null, format: p.Format, encoding: p.Encoding, id: p.ID, required: p.Required, readOnly: p.ReadOnly,
		limits: p.Limits, closed: p.Closed, field: name,
	}
	for chunk := range slices.Chunk([]byte(p.Options), pair) {
		s.options = append(s.options, option{value: string(chunk[:optionDigest]), title: string(chunk[optionDigest:])})
	}
	var err error
	if p.Items != nil {
		if s.items, err = p.Items.shape(name); err != nil {
			return nil, err
		}
	}
	if p.Names != nil {
		if s.names, err = p.Names.shape(name); err != nil {
			return nil, err
		}
	}
	for name, field := range p.Fields {
		inner, err := field.shape(name)
		if err != nil {
			return nil, err
		}
		if s.fields == nil {
			s.fields = make(map[string]*shape, len(p.Fields))
		}
		s.fields[name] = inner
	}
	return s, nil
}

// Diff is [Diff] of the schema that f is of and a newer one, but it compares the
// names of fields that a query may use as well. Options that are gone are
// counted, not named. If f was restricted by [Fingerprint.For], fields
// that it does not have count only if they are required now.
func (f *Fingerprint) Diff(newer json.RawMessage) ([]Change, error) {
	after, err := shapeOf(newer)
	if err != nil {
		return nil, err
	}
	c := &comparison{partial: f.partial, names: true}
	return c.compare(f.root, after), nil
}
