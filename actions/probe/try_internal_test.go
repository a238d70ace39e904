package probe

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/doctype"
	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
	"github.com/gainsight-connector/gainsight-connector/internal/jsonpointer"
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

func TestJudgeDates(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		values   string // members of a row, after a comma
		form     doctype.TimeForm
		want     Result
		observed string
		mends    string
	}{
		"milliseconds": {values: `1587160800000`, want: Works, observed: "dates are milliseconds"},
		"with an E":    {values: `1.5871608E12`, want: Works, observed: "dates are milliseconds"},
		"ISO 8601":     {values: `"2024-02-05T08:34:35.253+0100"`, want: Works, observed: "dates are ISO 8601"},
		"several": {
			values: `"2024-02-05 08:34:35.2","2020-04-22",null,""`, want: Works,
			observed: "dates are ISO 8601, a date and a time with a space",
		},
		"none":             {values: `null,""`, want: Unclear, observed: "no row has a date"},
		"seconds":          {values: `1587160800,"1587160801"`, want: Fails, observed: "too small", mends: `"seconds"`},
		"seconds as set":   {values: `1587160800`, form: doctype.TimesSeconds, want: Works, observed: "too small"},
		"a day first":      {values: `"05.06.2020","22.04.2020 10:00"`, want: Fails, observed: "before the year", mends: `"day-first"`},
		"a month first":    {values: `"05/06/2020","4/22/2020 10:00 PM"`, want: Fails, observed: "before the year", mends: `"month-first"`},
		"either first":     {values: `"05/06/2020"`, want: Unclear, observed: "set answers.dates to day-first or month-first"},
		"as set":           {values: `"05/06/2020"`, form: doctype.TimesMonthFirst, want: Works, observed: "before the year"},
		"not as set":       {values: `"22/04/2020"`, form: doctype.TimesMonthFirst, want: Fails, observed: "before", mends: `"day-first"`},
		"both":             {values: `"22/04/2020","04/22/2020"`, want: Fails, observed: "which is not understood"},
		"no date":          {values: `true`, want: Fails, observed: "a form that is not known, which is not understood"},
		"something behind": {values: `"2020-04-17T22:00:00Z and more"`, want: Fails, observed: "not understood"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rows []string
			for value := range strings.SplitSeq(tt.values, ",") {
				rows = append(rows, `{"Created":`+value+`,"Name":"x"}`)
			}
			body := json.RawMessage(`{"data":{"records":[` + strings.Join(rows, ",") + `]}}`)
			got := judgeDates(dateValues(body, []string{"created"}), tt.form)
			mends := ""
			if len(got.Mends) > 0 {
				mends = string(got.Mends[0].Value)
			}
			if got.Result != tt.want || !strings.Contains(got.Observed, tt.observed) || mends != tt.mends {
				t.Errorf("got %+v, mended by %s", got, mends)
			}
		})
	}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	settings := Settings{
		Endpoint("cta.list", "keys/records", []string{"data.rows"}), Endpoint("cta.list", "order_by", "sent"),
		Set("/answers/codes/"+jsonpointer.Token("A/B~C"), "throttled"), Set("/time_zone", "Europe/Berlin"),
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
		judgeDates(dateValues(body, []string{"a"}), "")
	})
}
