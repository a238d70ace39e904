package sandbox

import (
	"cmp"
	"slices"
)

// describeFlags are the describe flags that have an effect here. Those whose
// meaning is UNKNOWN (idd, ihc, piec, ...) are accepted and have none.
type describeFlags struct {
	children   int // levels of looked-up objects to add
	noOptions  bool
	noHidden   bool
	sortLabels bool
}

// objectPayload is one object of a describe reply (data_management.md,
// "Describe payload", DOC2 sample). The list replies hold its listPayload.
type objectPayload struct {
	listPayload
	LabelPlural string         `json:"labelPlural"`
	Fields      []fieldPayload `json:"fields"`
	Description *string        `json:"description"`
}

// listPayload is one object of a list reply (data_management.md, DOC2):
// keyPrefix is missing on some system and log objects.
type listPayload struct {
	ObjectName             string `json:"objectName"`
	Label                  string `json:"label"`
	ObjectType             string `json:"objectType"`
	KeyPrefix              string `json:"keyPrefix,omitempty"`
	Transactional          bool   `json:"transactional"`
	MultiCurrencySupported bool   `json:"multiCurrencySupported"`
	Readable               bool   `json:"readable"`
	Createable             bool   `json:"createable"`
	SchemaUpdateable       bool   `json:"schemaUpdateable"`
}

type fieldPayload struct {
	FieldName  string           `json:"fieldName"`
	Label      string           `json:"label"`
	DataType   string           `json:"dataType"`
	ObjectName string           `json:"objectName"`
	Options    *[]optionPayload `json:"options,omitempty"`
	Meta       metaPayload      `json:"meta"`
}

// metaPayload has no unique, externalId or deleted (data_management.md, DOC2).
type metaPayload struct {
	Properties        map[string]any `json:"properties"`
	Filterable        bool           `json:"filterable"`
	Sortable          bool           `json:"sortable"`
	Groupable         bool           `json:"groupable"`
	Createable        bool           `json:"createable"`
	Updateable        bool           `json:"updateable"`
	FormulaField      bool           `json:"formulaField"`
	HasLookup         bool           `json:"hasLookup"`
	Required          bool           `json:"required"`
	RichText          bool           `json:"richText"`
	Nillable          bool           `json:"nillable"`
	ReadOnly          bool           `json:"readOnly"`
	DependentPicklist bool           `json:"dependentPicklist"`
	FieldGroupType    string         `json:"fieldGroupType"`
	SelfLookup        bool           `json:"selfLookup"`
	Indexed           bool           `json:"indexed"`
	DecimalPlaces     int            `json:"decimalPlaces"`
	Length            int            `json:"length,omitempty"`
	Hidden            bool           `json:"hidden"`
	NameField         bool           `json:"nameField"`
	Aggregatable      bool           `json:"aggregatable"`
	Description       string         `json:"description,omitempty"`
	LookupDetail      *lookupPayload `json:"lookupDetail,omitempty"`
	OnDeleteOperation string         `json:"onDeleteOperation,omitempty"`
	DefaultValue      string         `json:"defaultValue,omitempty"`
}

type lookupPayload struct {
	LookupName    string                `json:"lookupName"`
	FieldName     string                `json:"fieldName"`
	FieldDBName   string                `json:"fieldDBName"`
	FieldLabel    string                `json:"fieldLabel"`
	LookupID      string                `json:"lookupId"`
	LookupObjects []lookupObjectPayload `json:"lookupObjects,omitempty"`
}

type lookupObjectPayload struct {
	ID                string         `json:"id"`
	ObjectName        string         `json:"objectName"`
	DBName            string         `json:"dbName"`
	Label             string         `json:"label"`
	NamedFieldDetails map[string]any `json:"namedFieldDetails"`
}

// optionPayload is one picklist option (data_management.md, LIVE).
type optionPayload struct {
	Active           bool     `json:"active"`
	DefaultValue     bool     `json:"defaultValue"`
	Label            string   `json:"label"`
	ValidFor         *string  `json:"validFor"`
	Value            string   `json:"value"`
	DisplayOrder     int      `json:"displayOrder"`
	Group            *string  `json:"group"`
	GroupID          string   `json:"groupId"`
	Color            *string  `json:"color"`
	ControllerValues []string `json:"controllerValues"`
	Description      *string  `json:"description"`
	SystemName       string   `json:"systemName"`
}

func (o *object) list() listPayload {
	return listPayload{
		ObjectName: o.name, Label: o.label, ObjectType: o.kind, KeyPrefix: o.keyPrefix,
		Transactional: true, MultiCurrencySupported: o.kind == "STANDARD",
		Readable: true, Createable: o.kind != "SYSTEM", SchemaUpdateable: o.kind != "SYSTEM",
	}
}

// describe gives an object with its fields. A custom object says
// multiCurrencySupported true here and false in lists, as the samples do
// (data_management.md, DOC2).
func (s *schema) describe(o *object, flags describeFlags) objectPayload {
	p := objectPayload{listPayload: o.list(), LabelPlural: o.plural, Fields: make([]fieldPayload, 0, len(o.fields))}
	p.MultiCurrencySupported = true
	for _, f := range o.fields {
		if !f.hidden || !flags.noHidden {
			p.Fields = append(p.Fields, s.describeField(o, f, flags))
		}
	}
	if flags.sortLabels {
		slices.SortStableFunc(p.Fields, func(a, b fieldPayload) int { return cmp.Compare(a.Label, b.Label) })
	}
	return p
}

func (s *schema) describeField(o *object, f *field, flags describeFlags) fieldPayload {
	p := fieldPayload{
		FieldName: f.name, Label: f.label, DataType: s.typeName(f), ObjectName: o.name,
		Meta: metaPayload{
			Properties: f.properties(),
			Filterable: f.filterable(), Sortable: f.sortable(), Groupable: f.sortable(), Aggregatable: f.filterable(),
			Createable: !f.readOnly, Updateable: !f.readOnly && !f.notOnUpdate, ReadOnly: f.readOnly,
			HasLookup: f.lookup != "", SelfLookup: f.lookup == o.name,
			Required: f.required || f.claimed, RichText: f.dataType == typeRichText,
			Nillable:          true, // even on Gsid (DOC2)
			DependentPicklist: f.controller != nil,
			FieldGroupType:    f.group, Indexed: f.indexed, DecimalPlaces: f.decimals, Length: f.length,
			Hidden: f.hidden, NameField: f.nameField, Description: f.help, DefaultValue: f.defaultValue,
		},
	}
	if f.category != nil {
		p.Options = f.options(flags)
	}
	if f.lookup != "" {
		p.Meta.LookupDetail = s.lookupDetail(f)
		p.Meta.OnDeleteOperation = "None"
	}
	return p
}

// properties is meta.properties. Which key names a controlling field is
// UNKNOWN, so none does.
func (f *field) properties() map[string]any {
	source := f.dataType
	if f.lookup != "" {
		source = typeGSID // DOC2
	}
	p := map[string]any{"sourceType": source}
	switch {
	case f.category != nil: // LIVE
		p["PICKLIST_CATEGORY"] = f.category.name
		p["PICKLIST_CATEGORY_ID"] = f.category.gsid
	case f.lookup == objectUser: // DOC2
		p["SEARCH_CONTROLLER"] = "AUTO_SUGGEST"
		p["autoSuggestDetails"] = map[string]any{
			"object": objectUser, "searchOn": []string{"Name", "Email"}, "dataStore": "HAPOSTGRES",
			"columnsToList": []string{"Name", "Email"}, "connectionType": "MDA", "connectionId": "MDA",
		}
	case f.group == groupCustom && f.dataType == typeString: // DOC2
		p["inlineEditable"] = true
		p["massEditable"] = true
	}
	return p
}

// typeName is the data type of a field as the metadata spell it.
func (s *schema) typeName(f *field) string {
	if f.dataType == typeNumber && s.numberType != "" {
		return s.numberType
	}
	return f.dataType
}

func (f *field) options(flags describeFlags) *[]optionPayload {
	out := []optionPayload{}
	if flags.noOptions || f.bareOptions {
		return &out
	}
	for _, it := range f.category.items {
		out = append(out, optionPayload{
			Active: !it.inactive, DefaultValue: it.isDefault, Label: it.label, Value: it.gsid,
			DisplayOrder: it.order, GroupID: f.category.gsid,
			ControllerValues: it.controlled, // GSIDs: INFERRED
			SystemName:       systemName(it.label),
		})
	}
	return &out
}

// lookupDetail trims namedFieldDetails to a tenth of the documented dump of
// about 70 internal keys in mixed case (DOC2).
func (s *schema) lookupDetail(f *field) *lookupPayload {
	p := &lookupPayload{
		LookupName: f.lookupName(), FieldName: "Gsid", FieldDBName: "gsid", FieldLabel: "GSID",
		LookupID: nameUUID("lookup", f.name),
	}
	target := s.object(f.lookup)
	if f.bareLookup || target == nil {
		return p // lookupObjects may be missing (LIVE)
	}
	p.LookupObjects = []lookupObjectPayload{{
		ID: nameUUID("object", target.name), ObjectName: target.name, DBName: target.name, Label: target.label,
		NamedFieldDetails: map[string]any{
			"fieldName": "Name", "DisplayName": "Name", "DBName": "name", "datatype": "string",
			"FieldGroupType": groupStandard, "isNamedField": true, "maxLength": 255, "hidden": false,
			"indexed": true, "unique": false, "primary": false, "mappings.GAINSIGHT.key": "Name", "options": nil,
		},
	}}
	return p
}
