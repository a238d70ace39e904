package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/host"
)

// exportRows is how many rows the tour exports.
const exportRows = 100_000

// cta is a record for acme, with changes.
func (d *demo) cta(name string, changes map[string]any) map[string]any {
	r := map[string]any{
		"Name": name, "CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com", "DueDate": "2026-12-15",
		"type": "Risk", "reason": "Bugs Risk", "status": "New", "priority": "High", "Severity__gc": d.severity,
	}
	maps.Copy(r, changes)
	return r
}

// execute runs an action and reads its output into out.
func execute(ctx context.Context, c *host.Connection, action string, input, out any) (connector.Result, error) {
	encoded, err := json.Marshal(input)
	if err != nil {
		return connector.Result{}, err
	}
	result, err := c.Execute(ctx, connector.Call{Action: action, Input: encoded})
	if err != nil {
		return result, err
	}
	if err := json.Unmarshal(result.Output, out); err != nil {
		return result, fmt.Errorf("read the output of %s: %w", action, err)
	}
	return result, nil
}

// written is the output of a write.
type written struct {
	Results []struct {
		Index  int              `json:"index"`
		Status string           `json:"status"`
		ID     string           `json:"id"`
		Error  *connector.Error `json:"error"`
	} `json:"results"`
}

func (d *demo) create(ctx context.Context, records ...map[string]any) (written, connector.Result, error) {
	var w written
	result, err := execute(ctx, d.acme, "cta.create", map[string]any{"records": records}, &w)
	if err == nil && len(w.Results) != len(records) {
		err = fmt.Errorf("cta.create answered %d records with %d results", len(records), len(w.Results))
	}
	return w, result, err
}

func (d *demo) breakSchema(ctx context.Context) error {
	before := len(d.servers[0].tenant.Requests())
	_, _, err := d.create(ctx, d.cta("Late", map[string]any{
		"DueDate": "next week", "priority": "Urgent", "Short_Text__gc": strings.Repeat("long ", 10), "Sevrity__gc": "High",
	}))
	if err == nil {
		return errors.New("the record was not refused")
	}
	e := connector.AsError(err)
	if e.Reason != connector.ReasonInvalidInput {
		return err
	}
	for _, v := range e.Violations {
		d.sayf("%-29s %s", v.Pointer, v.Message)
	}
	if calls := len(d.servers[0].tenant.Requests()) - before; calls != 0 {
		return fmt.Errorf("the tenant got %s", plural(calls, "request"))
	}
	d.sayf("%s, 0 requests to the tenant", e.Reason)
	return nil
}

func (d *demo) createOne(ctx context.Context) error {
	const name = "Adoption is falling"
	w, _, err := d.create(ctx, d.cta(name, nil))
	if err != nil {
		return err
	}
	if e := w.Results[0].Error; e != nil {
		return e
	}
	id := w.Results[0].ID
	d.sayf("cta.create  Gsid %s", id)
	var list struct {
		Records []map[string]any `json:"records"`
	}
	_, err = execute(ctx, d.acme, "cta.list", map[string]any{
		"select": []string{"Name", "DueDate", "CompanyId__gr.Name", "OwnerId__gr.Email"},
		"where":  map[string]any{"conditions": []any{map[string]any{"name": "Gsid", "operator": "EQ", "value": []string{id}}}},
	}, &list)
	if err != nil {
		return err
	}
	if len(list.Records) != 1 || list.Records[0]["Name"] != name {
		return fmt.Errorf("cta.list found %s with that Gsid, not the one written", plural(len(list.Records), "record"))
	}
	r := list.Records[0]
	d.sayf("cta.list    %q for %s, owner %s, due %s", r["Name"], r["CompanyId__gr.Name"], r["OwnerId__gr.Email"], r["DueDate"])
	return nil
}

func (d *demo) createSome(ctx context.Context) error {
	w, result, err := d.create(ctx,
		d.cta("First", nil), d.cta("Second", map[string]any{"CompanyName": "No Such Company"}), d.cta("Third", nil))
	if err != nil {
		return err
	}
	if s := result.Records; s == nil || s.Succeeded != 2 || s.Failed != 1 {
		return fmt.Errorf("the records fared otherwise: %s", recordLine(s))
	}
	refused := w.Results[1]
	if refused.Error == nil {
		return errors.New("the second record was not refused")
	}
	d.sayf("%s: record %d, %s", recordLine(result.Records), refused.Index, refused.Error.Message)
	return nil
}

func (d *demo) export(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", programName+"-demo")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	input, err := json.Marshal(map[string]any{
		"objectName": "usage__gc", "limit": exportRows,
		"select": []string{"Gsid", "Company__gc", "Recorded_At__gc", "Logins__gc", "Revenue__gc", "Feature__gc", "Note__gc"},
	})
	if err != nil {
		return err
	}
	began := d.app.now()
	summary, err := d.acme.DownloadFile(ctx, connector.Call{Action: "bulk.export", Input: input}, filepath.Join(dir, "usage.csv"), nil)
	if err != nil {
		return err
	}
	if summary.Records != exportRows {
		return fmt.Errorf("the file has %s", plural(summary.Records, "row"))
	}
	rate := float64(summary.Bytes) / d.app.now().Sub(began).Seconds()
	d.sayf("%s, %s, %s/s with the wait for the job, %s", plural(summary.Records, "row"), size(summary.Bytes),
		size(uint64(rate)), plural(summary.Stats.Calls, "request"))
	d.sayf("sha256 %s", summary.SHA256)
	return nil
}
