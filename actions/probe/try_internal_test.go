package probe

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestLists(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"in data":          {`{"data":[{"a":1}]}`, []string{"data"}},
		"below data":       {`{"result":true,"data":{"rows":[{"a":1}],"total":[1]}}`, []string{"data.rows"}},
		"several":          {`{"data":{"b":[{}],"a":[{}]},"c":[{}]}`, []string{"c", "data.a", "data.b"}},
		"empty list":       {`{"data":[]}`, nil},
		"of scalars":       {`{"data":["a"]}`, nil},
		"the answer alone": {`[{"a":1}]`, nil},
		"too deep":         {`{"a":{"b":{"c":{"d":[{}]}}}}`, nil},
		"no JSON":          {`{"data":`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Lists(json.RawMessage(tt.body))); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDateForms(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][]string{
		`1587160800000`:                   {"milliseconds"},
		`"2020-04-22"`:                    {"ISO 8601"},
		`"2020-04-17T22:00:00Z"`:          {"ISO 8601"},
		`"2024-02-05T08:34:35.253+0100"`:  {"ISO 8601"},
		`"2024-02-05 08:34:35.2"`:         {"a date and a time with a space"},
		`""`:                              {"empty text"},
		`"22.04.2020"`:                    {formOther},
		`true`:                            {formOther},
		`null`:                            nil,
		`1.5e3`:                           {formOther},
		`"2020-04-17T22:00:00Z and more"`: {formOther},
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			got := dateForms(json.RawMessage(`{"data":{"records":[{"Created":`+value+`,"Name":"x"}]}}`), []string{"created"})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("forms (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	settings := Settings{
		Endpoint("cta.list", "keys/records", []string{"data.rows"}), Endpoint("cta.list", "order_by", "sent"),
		Set("/answers/codes/"+Token("A/B~C"), "throttled"), Set("/time_zone", "Europe/Berlin"),
	}
	const want = `{"answers":{"codes":{"A/B~C":"throttled"}},` +
		`"endpoints":{"cta.list":{"keys":{"records":["data.rows"]},"order_by":"sent"}},"time_zone":"Europe/Berlin"}`
	if got := string(settings.patch()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(settings.ofAnswers().patch()); got != `{"answers":{"codes":{"A/B~C":"throttled"}}}` {
		t.Errorf("of answers: %s", got)
	}
	if got := string(Settings(nil).patch()); got != "{}" {
		t.Errorf("of none: %s", got)
	}
}

// FuzzLists: whatever a tenant answers, every path that is found leads to a list
// of objects.
func FuzzLists(f *testing.F) {
	for _, body := range []string{`{"data":[{"a":1}]}`, `{"data":{"rows":[{}]}}`, `[]`, `{"a":{"":[{}]}}`, `{`, `{"a":[1,{}]}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, path := range Lists(body) {
			if kindOf((&gainsight.Answer{Body: body}).Find([]string{path})) != '[' {
				t.Errorf("%q leads to no list in %q", path, body)
			}
		}
		dateForms(body, []string{"a"})
	})
}
