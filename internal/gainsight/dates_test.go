package gainsight_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestDatesWrite(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	const given = "2026-07-01T23:30:00.25+01:00"
	for form, want := range map[gainsight.DateForm]any{
		gainsight.DatesAsGiven:     given,
		gainsight.DatesOffset:      "2026-07-01T23:30:00.250+01:00",
		gainsight.DatesPlainOffset: "2026-07-01T23:30:00.250+0100",
		gainsight.DatesUTC:         "2026-07-01T22:30:00.250Z",
		gainsight.DatesSpace:       "2026-07-02 00:30:00",
		gainsight.DatesDay:         "2026-07-02",
		gainsight.DatesMillis:      int64(1782945000250),
	} {
		t.Run(string(form), func(t *testing.T) {
			t.Parallel()
			dates := gainsight.Dates{Form: form, Zone: berlin}
			if got := dates.Write(given); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
			for _, other := range []any{"2026-07-01", "Quarterly review", 7, nil, true} {
				if got := dates.Write(other); got != other {
					t.Errorf("%v became %v", other, got)
				}
			}
		})
	}
}

// TestDatesQuery: the operands are written, and the query that was given stays
// as it is.
func TestDatesQuery(t *testing.T) {
	t.Parallel()
	query := func(operand string) gainsight.Query {
		return gainsight.Query{Where: &gainsight.Where{Expression: "A", Conditions: []gainsight.Condition{
			{Name: "CreatedDate", Operator: "GT", Value: []any{operand}, Alias: "A"},
		}}}
	}
	given := query("2026-07-01T23:30:00+01:00")
	got := gainsight.Dates{Form: gainsight.DatesUTC, Zone: time.UTC}.Query(given)
	if diff := cmp.Diff(query("2026-07-01T22:30:00.000Z"), got); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(query("2026-07-01T23:30:00+01:00"), given); diff != "" {
		t.Errorf("the query that was given (-before +after):\n%s", diff)
	}
}

// TestConfigWith: a patch changes what it names, and the credential stays.
func TestConfigWith(t *testing.T) {
	t.Parallel()
	config, err := settings{"endpoints": map[string]any{
		"cta.create": map[string]any{"path": "/v2/cockpit/cta", "query": "a=b"},
	}}.parse("acme")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := config.With([]byte(`{"endpoints":{"cta.create":{"path":null},"task.list":{"form":"post"}},"time_zone":"Asia/Tokyo"}`))
	if err != nil {
		t.Fatal(err)
	}
	create := changed.Endpoint("cta.create")
	if create.Path != "/v2/cockpit/cta/" || create.Query != "a=b" || changed.Endpoint("task.list").Form != gainsight.TaskFormPost {
		t.Errorf("got %+v", create)
	}
	if changed.Zone.String() != "Asia/Tokyo" || changed.Base.String() != config.Base.String() {
		t.Error("the zone or the address is not right")
	}
	if changed.Auth.AccessKey.Reveal() != accessKey {
		t.Error("the credential is not right")
	}
	if config.Endpoint("cta.create").Path != "/v2/cockpit/cta" {
		t.Error("the settings that were patched have changed")
	}
	if _, err := config.With([]byte(`{"endpoints":{"task.list":{"form":"pots"}}}`)); err == nil {
		t.Error("a patch that no connection could have was accepted")
	}
}
