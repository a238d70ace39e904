package actions

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
	"github.com/gainsight-connector/gainsight-connector/internal/nearest"
)

// Session is a call's way to the tenant.
type Session = *gainsight.Session

// Tenant is one connection: the client and what is known of the tenant. Safe
// for concurrent use.
type Tenant struct {
	client  *gainsight.Client
	memory  *memory
	objects *doctype.Cache
	facts   *memo.Cache[fact]
	etags   etags
	emit    func(connector.Event)
	learnt  sync.Map
	// observations are shared with the other connections of the principal.
	observations *observations
}

func newTenant(client *gainsight.Client, shared *memory, emit func(connector.Event)) *Tenant {
	opts := memo.Options{Clock: client.Clock, StaleFor: staleFor, Budget: shared.metadata}
	t := &Tenant{client: client, memory: shared, facts: memo.New[fact](opts), emit: emit}
	t.objects = doctype.NewCache(t.fetchObject, &shared.objects, opts)
	t.observations = shared.observed(client.Config())
	return t
}

// expire makes the tenant be asked again about what is at least so old.
func (t *Tenant) expire(age time.Duration) {
	t.objects.Expire(age)
	t.facts.Expire(age)
}

// close ends what runs in the background.
func (t *Tenant) close() {
	t.objects.Close()
	t.facts.Close()
}

// Client returns the client of the tenant.
func (t *Tenant) Client() *gainsight.Client { return t.client }

// Object returns the metadata of an object: at most five minutes old, or ten
// more while they are read again, unless the tenant does not answer. An object
// is found by the connection's name for it, else one of
// [gainsight.LabelledObjects] by its label.
func (t *Tenant) Object(ctx context.Context, name string) (doctype.Snapshot, error) {
	return t.objects.Object(ctx, name)
}

// fetchObject describes one object (data_management.md, Get Describe OMD).
func (t *Tenant) fetchObject(ctx context.Context, name string) (doctype.Object, []connector.Diagnostic, error) {
	name, err := t.objectName(ctx, name)
	if err != nil {
		return doctype.Object{}, nil, err
	}
	answer, err := t.client.Session(false).Do(ctx, gainsight.Request{
		Endpoint: gainsight.ObjectDescribe, Path: map[string]string{"objectName": name}, Effect: connector.EffectRead,
	})
	if err != nil {
		return doctype.Object{}, nil, t.ExplainObject(ctx, err, name)
	}
	objects, diagnostics, err := doctype.ParseDescribe(answer.Data)
	if err != nil {
		return doctype.Object{}, nil, err
	}
	if len(objects) == 0 {
		return doctype.Object{}, nil, connector.Errorf(connector.ReasonDownstreamContract, "the tenant describes %s with no object in its answer", name)
	}
	t.treat(objects[0])
	return objects[0], diagnostics, nil
}

// treat makes the fields of an object what the connection says of them.
func (t *Tenant) treat(o doctype.Object) {
	config := t.client.Config()
	times := &doctype.Times{Zone: config.Zone, Form: doctype.TimeForm(config.Answers().Dates)}
	for i := range o.Fields {
		f := &o.Fields[i]
		f.DataType, f.Times = config.FieldType(f.DataType), times
	}
}

// objectName returns the API name of an object. An administrator's own object
// may have any label, so none of those is taken.
func (t *Tenant) objectName(ctx context.Context, name string) (string, error) {
	if own := t.client.Config().Object(name); own != "" {
		return own, nil
	}
	labels, unnamed := gainsight.LabelledObjects()[name]
	if !unnamed {
		return name, nil
	}
	list, err := t.ObjectList(ctx)
	if err != nil {
		return "", err
	}
	for _, label := range labels {
		for _, o := range list {
			if o.labelled(label) {
				return o.Name, nil
			}
		}
	}
	return "", connector.Errorf(connector.ReasonNotFound, "tenant %s has no standard object with one of the labels %s",
		t.client.Config().Tenant, strings.Join(labels, ", ")).
		WithHint("Set objects.%q of the connection to the object's API name; action object.list lists all of them.", name)
}

// ObjectInfo is one line of the tenant's list of objects.
type ObjectInfo struct {
	// Name is the API name.
	Name string `json:"objectName"`
	// Label is the name for people.
	Label string `json:"label"`
	// Type is CUSTOM, STANDARD or SYSTEM.
	Type string `json:"objectType"`
}

// labelled reports whether it is the standard object that has a label, or the
// label for its name.
func (o ObjectInfo) labelled(label string) bool {
	return o.Type != "CUSTOM" && (strings.EqualFold(o.Label, label) || strings.EqualFold(o.Name, label))
}

// ObjectList returns the objects of the tenant, at most five minutes old.
func (t *Tenant) ObjectList(ctx context.Context) ([]ObjectInfo, error) {
	return Fact(ctx, t, "objects", func(ctx context.Context, s Session) ([]ObjectInfo, error) {
		answer, err := s.Do(ctx, gainsight.Request{Endpoint: gainsight.ObjectList, Effect: connector.EffectRead})
		if err != nil {
			return nil, err
		}
		var list []ObjectInfo
		if err := json.Unmarshal(answer.Data, &list); err != nil {
			return nil, connector.Errorf(connector.ReasonDownstreamContract, "the tenant's list of objects is not a list: %w", err)
		}
		return list, nil
	})
}

// ExplainObject adds the nearest names to an error that says that an object
// does not exist; other errors pass.
func (t *Tenant) ExplainObject(ctx context.Context, err error, name string) error {
	if !gainsight.IsObjectNotFound(err) {
		return err
	}
	e := connector.AsError(err)
	e.Message = "tenant " + t.client.Config().Tenant + " has no object " + name
	e.Hint = "List the objects with action object.list."
	if near := t.NearestObjects(ctx, name); len(near) > 0 {
		e.Hint = nearest.Hint(name, near)
	}
	return e
}

// NearestObjects returns the objects whose names are close to a name. It is a
// courtesy: if the list cannot be had there are none.
func (t *Tenant) NearestObjects(ctx context.Context, name string) []string {
	list, err := t.ObjectList(ctx)
	if err != nil {
		return nil
	}
	names := make([]string, len(list))
	for i, o := range list {
		names[i] = o.Name
	}
	return nearest.Names(name, names)
}
