package actions

import (
	"strconv"
	"testing"

	"github.com/gainsight-connector/gainsight-connector/internal/gainsight"
)

func TestObservationsAreBounded(t *testing.T) {
	t.Parallel()
	var o observations
	for i := range maxObservations {
		if !o.note("cta.create", strconv.Itoa(i), gainsight.Observation{}) {
			t.Fatalf("field %d is not new", i)
		}
	}
	if o.note("cta.update", "one too many", gainsight.Observation{}) || len(o.all()["cta.update"]) != 0 {
		t.Error("there is no bound")
	}
	if o.note("cta.create", "0", gainsight.Observation{Code: "later"}) || o.of("cta.create")["0"].Code != "later" {
		t.Error("what is known is new, or is not brought up to date")
	}
	o.replace(nil)
	if len(o.all()) != 0 || !o.note("cta.update", "again", gainsight.Observation{}) {
		t.Error("nothing can be noted once all is forgotten")
	}
}
