// Package snapshot is the file that a tenant's metadata are saved to: what its
// schemas come from, and nothing that is secret or anybody's data.
package snapshot

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gainsight-connector/gainsight-connector/internal/indent"
)

// Version is the version of the form. A file of another one is refused.
const Version = 1

// Snapshot is what a tenant said of itself at some moment.
type Snapshot struct {
	// Version is [Version].
	Version int `json:"version"`
	// Tenant is the connection's name for it.
	Tenant string `json:"tenant"`
	// TakenAt is when the first question was asked.
	TakenAt time.Time `json:"takenAt"`
	// Objects are the tenant's descriptions of its objects, by name, without
	// what no reader needs: see [Snapshot.Add].
	Objects []json.RawMessage `json:"objects"`
	// Configurations are the outputs of the actions that tell the tenant's
	// configuration, by id of the action.
	Configurations map[string]json.RawMessage `json:"configurations"`
	// Dropdowns are the picklist categories of fields that are described
	// without options, by id.
	Dropdowns map[string]json.RawMessage `json:"dropdowns"`
	// Values are names in use that no call lists, by what they are names of: see
	// [ActivityTypes] and the others. Nil: none were found.
	Values map[string][]string `json:"values,omitempty"`
	// Settings are those of the connection's settings without which the tenant's
	// metadata would give other schemas. Nil: it had none of them.
	Settings map[string]json.RawMessage `json:"settings,omitempty"`
}

// What [Snapshot.Values] are names of.
const (
	ActivityTypes  = "activity_types"
	TaskTypes      = "task_types"
	TaskStatuses   = "task_statuses"
	TaskPriorities = "task_priorities"
	GoalStatuses   = "goal_statuses"
)

// kept are the settings of a connection that a snapshot has.
func kept() []string {
	return []string{"field_types", "objects", "observed", "required", "time_zone", "validation"}
}

// Keep adds what the settings of a connection say beside the metadata.
func (s *Snapshot) Keep(config json.RawMessage) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(config, &all); err != nil {
		return err
	}
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return !slices.Contains(kept(), name) })
	s.Settings = all
	return nil
}

// New returns an empty snapshot.
func New(tenant string, at time.Time) *Snapshot {
	return &Snapshot{
		Version: Version, Tenant: tenant, TakenAt: at.UTC().Truncate(time.Second),
		Objects: []json.RawMessage{}, Configurations: map[string]json.RawMessage{}, Dropdowns: map[string]json.RawMessage{},
	}
}

// ErrNone is the error of [Read] for a file that is something else.
var ErrNone = errors.New("is no snapshot of a tenant")

// Read reads a file. The error is for the person who named it.
func Read(data []byte) (*Snapshot, error) {
	var head struct {
		Version *int `json:"version"`
	}
	if json.Unmarshal(data, &head) != nil || head.Version == nil {
		return nil, ErrNone
	}
	if *head.Version != Version {
		return nil, fmt.Errorf("is a snapshot of version %d; this program reads version %d", *head.Version, Version)
	}
	s := New("", time.Time{})
	err := json.Unmarshal(data, s)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil, fmt.Errorf("is a snapshot that cannot be read: %q is of type %s", wrong.Field, wrong.Value)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("is a snapshot that cannot be read: %w", err)
	case s.TakenAt.IsZero():
		return nil, errors.New("is a snapshot that does not say when it was taken")
	}
	maps.DeleteFunc(s.Settings, func(name string, _ json.RawMessage) bool { return !slices.Contains(kept(), name) })
	return s, nil
}

// Encode returns the file: the same for the same content, and with a field to
// a line, so that two snapshots can be compared line by line.
func (s *Snapshot) Encode() ([]byte, error) {
	const levels = 4 // the file, a list, an object, its fields
	data, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return indent.JSON(data, levels)
}

// Add adds the description of an object, unless it is there. Left out are the
// vendor's internal notes on lookups, most of its size (data_management.md,
// Describe payload). The order of fields stays, since forms show it.
func (s *Snapshot) Add(description json.RawMessage) error {
	var object any
	if err := json.Unmarshal(description, &object); err != nil {
		return err
	}
	prune(object)
	data, err := json.Marshal(object)
	if err != nil {
		return err
	}
	name := strings.ToLower(Name(data))
	at, known := slices.BinarySearchFunc(s.Objects, name, func(o json.RawMessage, name string) int {
		return cmp.Compare(strings.ToLower(Name(o)), name)
	})
	if !known {
		s.Objects = slices.Insert(s.Objects, at, json.RawMessage(data))
	}
	return nil
}

// prune takes out what no reader needs.
func prune(value any) {
	switch v := value.(type) {
	case map[string]any:
		delete(v, "namedFieldDetails")
		delete(v, "autoSuggestDetails")
		for _, inner := range v {
			prune(inner)
		}
	case []any:
		for _, inner := range v {
			prune(inner)
		}
	}
}

// Name returns the API name in the description of an object.
func Name(description json.RawMessage) string {
	var o struct {
		Name string `json:"objectName"`
	}
	_ = json.Unmarshal(description, &o) // a description without a name has none
	return o.Name
}

// Bare returns the ids of the categories of picklists that are described
// without options.
func Bare(description json.RawMessage) []string {
	var o struct {
		Fields []struct {
			Options []json.RawMessage `json:"options"`
			Meta    struct {
				Properties struct {
					Category string `json:"PICKLIST_CATEGORY_ID"`
				} `json:"properties"`
			} `json:"meta"`
		} `json:"fields"`
	}
	_ = json.Unmarshal(description, &o) // of a description of another form nothing is known
	var ids []string
	for _, f := range o.Fields {
		if id := f.Meta.Properties.Category; id != "" && len(f.Options) == 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
