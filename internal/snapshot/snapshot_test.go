package snapshot_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
)

const described = `{"objectName":"Company","fields":[
	{"fieldName":"b","options":[],"meta":{"properties":{"PICKLIST_CATEGORY_ID":"cat","autoSuggestDetails":{"x":1}}}},
	{"fieldName":"a","options":[{"value":"v"}],"meta":{"lookupDetail":{"lookupObjects":[
		{"objectName":"gsuser","namedFieldDetails":{"hidden":false}}]}}}]}`

func sample(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	s := snapshot.New("acme", time.Date(2026, 12, 15, 10, 0, 0, 5, time.FixedZone("", 3600)))
	for _, object := range []string{described, `{"objectName":"a"}`, `{"objectName":"COMPANY","fields":[]}`} {
		if err := s.Add(json.RawMessage(object)); err != nil {
			t.Fatal(err)
		}
	}
	s.Configurations["cta.config"] = json.RawMessage(`{"CTA_TYPE":[{"name":"Risk"}]}`)
	return s
}

func TestEncode(t *testing.T) {
	t.Parallel()
	got, err := sample(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
 "version": 1,
 "tenant": "acme",
 "takenAt": "2026-12-15T09:00:00Z",
 "objects": [
  {
   "objectName": "a"
  },
  {
   "fields": [
    {"fieldName":"b","meta":{"properties":{"PICKLIST_CATEGORY_ID":"cat"}},"options":[]},
    {"fieldName":"a","meta":{"lookupDetail":{"lookupObjects":[{"objectName":"gsuser"}]}},"options":[{"value":"v"}]}
   ],
   "objectName": "Company"
  }
 ],
 "configurations": {
  "cta.config": {
   "CTA_TYPE": [
    {"name":"Risk"}
   ]
  }
 },
 "dropdowns": {}
}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	read, err := snapshot.Read(got)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := read.Encode(); err != nil || !bytes.Equal(got, again) {
		t.Errorf("read and written again it is another file: %v\n%s", err, again)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ data, want string }{
		"no JSON":         {`{`, "is no snapshot"},
		"another file":    {`{"tenant":"acme"}`, "is no snapshot"},
		"another version": {`{"version":2}`, "version 2; this program reads version 1"},
		"a wrong part":    {`{"version":1,"objects":5}`, "cannot be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := snapshot.Read([]byte(tt.data)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestBare(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"cat"}, snapshot.Bare(json.RawMessage(described))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzRead holds that a file either is refused or can be written again as it
// was read.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"version":1,"takenAt":"2026-11-02T09:00:00Z","tenant":"a","objects":[` + described + `],"dropdowns":{"x":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := snapshot.Read(data)
		if err != nil {
			return
		}
		first, err := s.Encode()
		if err != nil {
			return // an entry that is no JSON value, such as an absent one
		}
		again, err := snapshot.Read(first)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := again.Encode(); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%v\n%s\n%s", err, first, second)
		}
	})
}
