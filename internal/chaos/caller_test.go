//go:build unix

package chaos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// caller makes one call after the other.
type caller struct {
	*storm

	name string
	n    int
	rand *rand.Rand
	// own are CTAs that it has made and not changed yet.
	own []cta
}

type cta struct{ name, id string }

// any makes a call of any kind.
func (c *caller) any() {
	switch dice := c.rand.IntN(100); {
	case dice < 30:
		c.read()
	case dice < 45:
		c.createCTAs()
	case dice < 55:
		c.updateCTA()
	case dice < 67:
		c.saveActivities()
	case dice < 74:
		c.deleteActivity()
	case dice < 84:
		c.createUsers()
	case dice < 89:
		c.uploadActivities()
	default:
		c.download()
	}
}

// mark is a name that no other record has.
func (c *caller) mark(i int) string { return fmt.Sprintf("%s-%d-%d", c.name, c.n, i) }

func (c *caller) read() {
	reads := [][2]string{
		{"cta.list", `{"select":["Name"],"limit":5}`},
		{"user.list", `{"select":["Gsid","Name"],"limit":5}`},
		{"object.describe", `{"objectName":"call_to_action"}`},
		{"activity.read", `{"select":["Subject"],"limit":5}`},
	}
	read := reads[c.rand.IntN(len(reads))]
	_, _ = c.execute(read[0], json.RawMessage(read[1])) // there is nothing to book
}

// result is one record's.
type result struct {
	Status fate   `json:"status"`
	ID     string `json:"id"`
	Error  struct {
		Message string `json:"message"`
	} `json:"error"`
}

// write executes a write and books what became of each record, under the names
// given.
func (c *caller) write(action string, records []map[string]any, booked []string) []result {
	input, err := json.Marshal(map[string]any{"records": records})
	if err != nil {
		c.t.Error(err)
		return nil
	}
	got, err := c.execute(action, input)
	if err != nil {
		for _, record := range booked {
			c.account.put(record, fateOf(err), err.Error())
		}
		return nil
	}
	var output struct {
		Results []result `json:"results"`
	}
	if err := json.Unmarshal(got.Output, &output); err != nil || len(output.Results) != len(booked) {
		c.t.Errorf("%s: %d results of %d records: %v", action, len(output.Results), len(booked), err)
		return nil
	}
	for i, record := range booked {
		c.account.put(record, output.Results[i].Status, output.Results[i].Error.Message)
	}
	return output.Results
}

func (c *caller) execute(action string, input json.RawMessage) (got connector.Result, err error) {
	id := fmt.Sprintf("%s %s-%d", action, c.name, c.n)
	err = c.call(id, func(ctx context.Context) error {
		got, err = c.conn.Execute(ctx, connector.Call{Action: action, Input: input, RequestID: id})
		return err
	})
	return got, err
}

// createCTAs is an unsafe write, of which the tenant refuses a record now and
// then.
func (c *caller) createCTAs() {
	var records []map[string]any
	var booked []string
	for i := range 1 + c.rand.IntN(3) {
		name := c.mark(i)
		r := map[string]any{
			"Name": name, "CompanyName": "Aurora Labs", "OwnerEmail": "ada.berg@example.com", "DueDate": "2026-12-15",
			"type": "Risk", "reason": "Bugs Risk", "status": "New", "priority": "High",
		}
		if c.rand.IntN(10) == 0 {
			r["OwnerEmail"] = "nobody@example.com"
		}
		records, booked = append(records, r), append(booked, ctaRecord(name))
	}
	for i, r := range c.write("cta.create", records, booked) {
		if r.Status == succeeded {
			c.own = append(c.own, cta{fmt.Sprint(records[i]["Name"]), r.ID})
		}
	}
}

// updateCTA is an idempotent write.
func (c *caller) updateCTA() {
	if len(c.own) == 0 {
		c.createCTAs()
		return
	}
	its := c.own[0]
	c.own = c.own[1:]
	c.write("cta.update", []map[string]any{{"Gsid": its.id, "Comments": changed}}, []string{changeRecord(its.name)})
}

// activity is one that the tenant takes.
func activity(id string) map[string]any {
	return map[string]any{
		"ExternalId": id, "ContextName": "Company", "TypeName": "Update", "Subject": "Review", "Notes": "<p>All well.</p>",
		"ActivityDate": "2026-10-01T09:30:00Z", "Author": "ada.berg@example.com", "companyName": "Aurora Labs",
	}
}

// saveActivities is a write that is idempotent by a key: what is saved twice is
// refused the second time.
func (c *caller) saveActivities() {
	var records []map[string]any
	var booked []string
	for i := range 1 + c.rand.IntN(3) {
		records, booked = append(records, activity(c.mark(i))), append(booked, activityRecord(c.mark(i)))
	}
	c.write("activity.save", records, booked)
}

// deleteActivity is idempotent, too: what is deleted twice is not found the
// second time.
func (c *caller) deleteActivity() {
	select {
	case a := <-c.left:
		c.write("activity.delete", []map[string]any{{"ActivityId": a.id}}, []string{deletionRecord(a.externalID)})
	default:
		c.read()
	}
}

// createUsers is an unsafe write of several records in one request.
func (c *caller) createUsers() {
	var records []map[string]any
	var booked []string
	for i := range 1 + c.rand.IntN(3) {
		email := c.mark(i) + "@example.com"
		records = append(records, map[string]any{"SFDCUserName": email, "Email": email, "Name": "Sam Example"})
		booked = append(booked, userRecord(email))
	}
	c.write("user.create", records, booked)
}

// uploadActivities starts a job, and asks for its state until it is over.
func (c *caller) uploadActivities() {
	var records []map[string]any
	for i := range 1 + c.rand.IntN(8) {
		records = append(records, activity(c.mark(i)))
	}
	var job string
	err := c.call("activity.save_bulk "+c.mark(0), func(ctx context.Context) (err error) {
		job, err = c.upload(ctx, records)
		return err
	})
	if err == nil {
		c.finish(job)
	}
	for _, r := range records {
		record := activityRecord(fmt.Sprint(r["ExternalId"]))
		if err != nil {
			c.account.put(record, fateOf(err), err.Error())
		} else {
			c.account.put(record, succeeded, "")
		}
	}
}

func (s *storm) upload(ctx context.Context, records []map[string]any) (job string, err error) {
	var lines strings.Builder
	for _, r := range records {
		line, err := json.Marshal(r)
		if err != nil {
			return "", err
		}
		lines.Write(append(line, '\n'))
	}
	call := connector.Call{Action: "activity.save_bulk", Input: json.RawMessage(`{}`)}
	got, err := s.conn.Upload(ctx, call, "application/x-ndjson", strings.NewReader(lines.String()))
	if err != nil {
		return "", err
	}
	var output struct {
		JobID string `json:"jobId"`
	}
	err = json.Unmarshal(got.Output, &output)
	return output.JobID, err
}

// finish asks for the state of a job until it has ended.
func (s *storm) finish(job string) {
	for state := ""; state != "COMPLETED"; {
		var got connector.Result
		err := s.call("activity.job_status of "+job, func(ctx context.Context) (err error) {
			got, err = s.conn.Execute(ctx, connector.Call{Action: "activity.job_status", Input: json.RawMessage(`{"jobId":"` + job + `"}`)})
			return err
		})
		if errors.Is(err, connector.ReasonPluginExited) {
			continue
		}
		var output struct {
			State string `json:"jobStatus"`
		}
		if err := errors.Join(err, json.Unmarshal(got.Output, &output)); err != nil {
			s.t.Errorf("job %s: %v", job, err)
			return
		}
		state = output.State
	}
}

// downloads are the calls that download: two exports, and a chunk of an export
// that the tenant has had.
func downloads(tenant *sandbox.Tenant) []connector.Call {
	const selected = `"objectName":"usage__gc","select":["Gsid","Row_Number__gc","Day__gc","Revenue__gc","Note__gc"]}`
	return []connector.Call{
		{Action: "bulk.export", Input: json.RawMessage(`{"format":"csv",` + selected)},
		{Action: "bulk.export", Input: json.RawMessage(`{"format":"ndjson",` + selected)},
		{Action: "bulk.chunk", Input: json.RawMessage(`{"chunkUrl":"v3/exports/data/bulk/chunk/` + tenant.Name() + `-export-completed.0"}`)},
	}
}

// download delivers what an undisturbed one does, or an error.
func (c *caller) download() {
	calls := downloads(c.tenant)
	call := calls[c.rand.IntN(len(calls))]
	name := call.Action + " " + c.mark(0)
	var got string
	err := c.call(name, func(ctx context.Context) (err error) {
		if c.rand.IntN(2) == 0 {
			var b strings.Builder
			_, err = c.conn.Download(ctx, call, &b, nil)
			got = b.String()
			return err
		}
		path := filepath.Join(c.t.TempDir(), "out")
		if _, err := c.conn.DownloadFile(ctx, call, path, nil); err != nil {
			if _, stat := os.Stat(path); !errors.Is(stat, fs.ErrNotExist) {
				c.t.Errorf("%s failed and left a file: %v", name, stat)
			}
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // a test's own file
		got = string(content)
		return err
	})
	if want := c.undisturbed[string(call.Input)]; err == nil && got != want {
		c.t.Errorf("%s: %d bytes that are not the %d of the source", name, len(got), len(want))
	}
}
