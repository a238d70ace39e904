package cli

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
	"github.com/gainsight-connector/gainsight-connector/internal/snapshot"
	"github.com/gainsight-connector/gainsight-connector/schema"
)

// loadSnapshot reads the file of --from.
func loadSnapshot(path string) (*snapshot.Snapshot, error) {
	data, err := readNamed("from", path)
	if err != nil {
		return nil, err
	}
	s, err := snapshot.Read(data)
	if err != nil {
		if _, malformed := schema.Decode(data); malformed != nil {
			err = malformed
		}
		e := wrongUsage("--from %s %v", path, err)
		e.hint = programName + " describe --save FILE --connection FILE writes one"
		return nil, e
	}
	return s, nil
}

// twinOf returns a simulated tenant that is as the snapshot says. Its name can
// be that of a file, whatever the snapshot says.
func twinOf(s *snapshot.Snapshot) sandbox.Seed {
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '-' || r == '_' {
			return r
		}
		return -1
	}, s.Tenant)
	return sandbox.Twin(sandbox.Original{
		Name: cmp.Or(name, "twin"), Objects: s.Objects, Dropdowns: s.Dropdowns,
		CTAs: s.Configurations["cta.config"], Plans: s.Configurations["success_plan.config"],
		Playbooks: s.Configurations["playbook.config"], ActivityTypes: s.Values[snapshot.ActivityTypes],
		TaskTypes: s.Values[snapshot.TaskTypes], TaskStatuses: s.Values[snapshot.TaskStatuses],
		TaskPriorities: s.Values[snapshot.TaskPriorities], GoalStatuses: s.Values[snapshot.GoalStatuses],
	})
}

// describeFrom describes an action without its tenant, to a simulated one made
// of a snapshot: the schema takes the same way as ever.
func (a *app) describeFrom(ctx context.Context, path string, req connector.DescribeRequest) (d connector.Description, err error) {
	saved, err := loadSnapshot(path)
	if err != nil {
		return d, err
	}
	err = a.withTwin(ctx, saved, func(s *session) error {
		if _, err := s.action(req.Action); err != nil {
			return err
		}
		if d, err = s.conn.Describe(ctx, req); err != nil {
			return err
		}
		a.report.Schema = &schemaNote{Tenant: saved.Tenant, ETag: d.ETag, FetchedAt: &saved.TakenAt, age: a.now().Sub(saved.TakenAt)}
		return nil
	})
	return d, err
}

// describeAll describes actions as a snapshot has them.
func (a *app) describeAll(
	ctx context.Context, saved *snapshot.Snapshot, ask func(context.Context, *session) (map[string]connector.Description, error),
) (all map[string]connector.Description, err error) {
	err = a.withTwin(ctx, saved, func(s *session) (err error) {
		all, err = ask(ctx, s)
		return err
	})
	return all, err
}

// withTwin does work on a connection to a simulated tenant made of a snapshot.
func (a *app) withTwin(ctx context.Context, saved *snapshot.Snapshot, work func(*session) error) (err error) {
	server, err := serveTenant(ctx, twinOf(saved), "127.0.0.1:0", &sandbox.Options{Limits: &sandbox.Limits{}, ExportRows: -1})
	if err != nil {
		return err
	}
	server.kept = saved.Settings
	defer func() { err = errors.Join(err, server.close(context.WithoutCancel(ctx))) }()
	return a.withPlugin(ctx, func(s *session) error {
		settings, err := server.settings()
		if err != nil {
			return err
		}
		if s.conn, err = s.plugin.Open(ctx, settings); err != nil {
			return err
		}
		return work(s)
	})
}
