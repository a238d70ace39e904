package doctype_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/memo"
)

func TestCache(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 15, 0, 0, 0, 0, time.UTC)
	label, failure, fetches := "A", error(nil), 0
	c := doctype.NewCache(func(_ context.Context, name string) (doctype.Object, []connector.Diagnostic, error) {
		fetches++
		return doctype.Object{Name: name, Label: label}, nil, failure
	}, &doctype.Pool{}, memo.Options{Clock: func() time.Time { return now }})
	object := func(name string) doctype.Snapshot {
		t.Helper()
		s, err := c.Object(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := object("company")
	if !first.FetchedAt.Equal(now) || first.Digest == "" || first.Object.Label != "A" {
		t.Errorf("snapshot %+v", first)
	}
	if object("Company").Digest != first.Digest || fetches != 1 {
		t.Errorf("%d fetches for one object in two spellings, want 1", fetches)
	}

	now = now.Add(memo.DefaultMaxAge)
	if same := object("company"); same.Digest != first.Digest || !same.FetchedAt.Equal(now) || fetches != 2 {
		t.Errorf("snapshot %+v after %d fetches, want the same digest at a later time", same, fetches)
	}

	label = "B"
	changed, err := c.Refresh(t.Context(), "COMPANY")
	if err != nil || changed.Digest == first.Digest || changed.Object.Label != "B" {
		t.Errorf("refresh: %+v, %v; want the new label and a new digest", changed, err)
	}

	failure = connector.Errorf(connector.ReasonDownstreamUnavailable, "down")
	now = now.Add(memo.DefaultMaxAge)
	old := object("company")
	if old.Digest != changed.Digest || len(old.Diagnostics) != 1 {
		t.Fatalf("snapshot %+v, want the old one with one remark", old)
	}
	if got := old.Diagnostics[0].Summary; !strings.Contains(got, "reading them again failed") {
		t.Errorf("remark %q, want one on its age", got)
	}
	c.Forget("Company")
	if _, err := c.Object(t.Context(), "company"); !errors.Is(err, connector.ReasonDownstreamUnavailable) {
		t.Errorf("error %v of a forgotten object, want %v", err, connector.ReasonDownstreamUnavailable)
	}
}
