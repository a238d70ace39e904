package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Required says who demands a field. The sources may contradict each other;
// [Required.Verdict] says which one counts. Nil: the source says nothing.
type Required struct {
	// Metadata is the tenant's own flag.
	Metadata *bool `json:"metadata,omitempty"`
	// Rule is what the vendor's documentation of the call says.
	Rule *bool `json:"rule,omitempty"`
	// Observed is set once the vendor refused a record for lack of the field.
	Observed *bool `json:"observed,omitempty"`
	// Override is the operator's word and beats the others.
	Override *bool `json:"override,omitempty"`
}

// Demand is one of the sources of [Required].
type Demand string

// The sources.
const (
	DemandMetadata Demand = "metadata"
	DemandRule     Demand = "rule"
	DemandObserved Demand = "observed"
	DemandOverride Demand = "override"
)

// Verdict says whether a field is demanded, and by which source: the first of
// the following that has something to say. Empty source: nobody says anything.
//
//  1. Override, either way: the operator knows the tenant.
//  2. Rule, if it demands: the call fails without the field.
//  3. Observed: the tenant has refused a record for it, whatever is written.
//  4. Rule, if it does not demand.
//  5. Metadata: their flags are known to contradict the calls.
func (r Required) Verdict() (demanded bool, by Demand) {
	for _, says := range []struct {
		word *bool
		by   Demand
	}{
		{r.Override, DemandOverride},
		{ifSet(r.Rule), DemandRule},
		{ifSet(r.Observed), DemandObserved},
		{r.Rule, DemandRule},
		{r.Metadata, DemandMetadata},
	} {
		if says.word != nil {
			return *says.word, says.by
		}
	}
	return false, ""
}

// ifSet returns flag if it is true.
func ifSet(flag *bool) *bool {
	if flag == nil || !*flag {
		return nil
	}
	return flag
}

// Requirement is what is known of one property when [Require] asks about it.
type Requirement struct {
	// Name is the property's name.
	Name string
	// Annotation is the property's own.
	Annotation Annotation
	// Listed is set if the schema demands the property as it stands.
	Listed bool
}

// Require returns the schema input with the requiredness of every property of
// the object schema at the JSON Pointer at decided anew, in their order. decide
// returns who demands the property, for its x-connector block, and whether the
// object's "required" lists it; the sources that it was given leave the property
// as it is. input is not changed. It is an error if at does
// not lead to an object.
func Require(input json.RawMessage, at string, decide func(r Requirement) (sources *Required, listed bool)) (json.RawMessage, error) {
	path, err := parsePointer(at)
	if err != nil {
		return nil, err
	}
	result, err := edit(input, path, func(record object) (object, error) { return require(record, decide) })
	if err != nil {
		return nil, fmt.Errorf("schema: require at %q: %w", at, err)
	}
	return result, nil
}

func require(record object, decide func(Requirement) (*Required, bool)) (object, error) {
	properties := object{}
	var required []string
	if err := errors.Join(parseMember(record, kwProperties, &properties), unmarshalMember(record, kwRequired, &required)); err != nil {
		return nil, err
	}
	for i, p := range properties {
		property, err := parseObject(p.value)
		if err != nil {
			continue // true or false, which nobody annotates
		}
		r := Requirement{Name: p.key, Listed: slices.Contains(required, p.key)}
		if err := unmarshalMember(property, kwAnnotation, &r.Annotation); err != nil {
			return nil, fmt.Errorf("property %q: %w", p.key, err)
		}
		sources, listed := decide(r)
		switch {
		case listed && !r.Listed:
			required = append(required, p.key)
		case !listed && r.Listed:
			required = slices.DeleteFunc(required, func(name string) bool { return name == p.key })
		}
		if sources == r.Annotation.Required {
			continue
		}
		if properties[i].value, err = demandedBy(property, sources); err != nil {
			return nil, fmt.Errorf("property %q: %w", p.key, err)
		}
	}
	return withRequired(record, properties, required)
}

// demandedBy returns the schema of a property with other sources.
func demandedBy(property object, sources *Required) (json.RawMessage, error) {
	annotation := object{}
	if err := parseMember(property, kwAnnotation, &annotation); err != nil {
		return nil, err
	}
	encoded, err := encode(sources)
	if err != nil {
		return nil, err
	}
	if encoded, err = annotation.set(kwRequired, encoded).encode(); err != nil {
		return nil, err
	}
	return property.set(kwAnnotation, encoded).encode()
}

// withRequired returns an object schema with other properties and another list
// of those that it demands.
func withRequired(record, properties object, required []string) (object, error) {
	encoded, err := properties.encode()
	if err != nil {
		return nil, err
	}
	record = record.set(kwProperties, encoded)
	if len(required) == 0 {
		return slices.DeleteFunc(record, func(m member) bool { return m.key == kwRequired }), nil
	}
	if encoded, err = encode(required); err != nil {
		return nil, err
	}
	return record.set(kwRequired, encoded), nil
}

// parseMember reads a member that is an object, if it is there.
func parseMember(o object, key string, to *object) (err error) {
	if raw := o.get(key); raw != nil {
		*to, err = parseObject(raw)
	}
	return err
}

// unmarshalMember reads a member of another type, if it is there.
func unmarshalMember(o object, key string, to any) error {
	raw := o.get(key)
	if raw == nil {
		return nil
	}
	return json.Unmarshal(raw, to)
}
