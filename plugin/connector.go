package plugin

import (
	"context"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Connector is what an author implements. Its methods are called from many
// goroutines at once.
type Connector interface {
	// Manifest returns what the catalog shows. It does no I/O, is fast and
	// returns the same every time.
	Manifest() connector.Manifest
	// Describe returns the static schemas of an action in the manifest: what
	// can be said without a tenant.
	Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error)
	// Open makes a connection from a tenant's settings. It checks them but
	// does no I/O. The connection may call emit at any time until it is
	// closed; emit never blocks.
	Open(ctx context.Context, settings connector.Settings, emit func(connector.Event)) (Connection, error)
}

// Connection is one tenant in use. Its methods are called from many goroutines
// at once and return soon after their context ends. A connection can do more
// by implementing [Checker], [ThoroughChecker], [Describer], [OptionLister],
// [Downloader], [Uploader] or [DriftPolicer].
type Connection interface {
	// Execute runs an action of [connector.ModeExecute], or dry-runs one of
	// any mode. An error should be, or wrap, a [connector.Error]; any other
	// reaches the host as [connector.ReasonInternal].
	Execute(ctx context.Context, call connector.Call) (connector.Result, error)
	// Close frees what the connection holds. It is called once, after the
	// last call on the connection has ended.
	Close() error
}

// Checker is a [Connection] that can try its settings for real.
type Checker interface {
	// Check makes a cheap call to the tenant.
	Check(ctx context.Context) (connector.Check, error)
}

// ThoroughChecker is a [Checker] that can also test what the connector assumes
// about a tenant because nobody documents it.
type ThoroughChecker interface {
	// CheckThoroughly makes few calls to the tenant. It writes nothing; only if
	// asked to does it send requests to operations that write, and none that
	// could change a record. The report is a [connector.Findings].
	CheckThoroughly(ctx context.Context, req connector.ThoroughCheck) (connector.Check, error)
}

// Describer is a [Connection] whose schemas depend on the tenant. Without it
// the static schemas of the [Connector] serve.
type Describer interface {
	// Describe returns the schemas of an action for this tenant. It is also
	// asked before each call that says what it was built with, so it should
	// remember what it knows of the tenant.
	Describe(ctx context.Context, req connector.DescribeRequest) (connector.Description, error)
}

// OptionLister is a [Connection] that can list the values of a field.
type OptionLister interface {
	// Options returns one page of options. PageSize is set and in bounds.
	Options(ctx context.Context, req connector.OptionsRequest) (connector.OptionPage, error)
}

// Downloader is a [Connection] with actions of [connector.ModeDownload].
type Downloader interface {
	// Download writes the output of an action to out as it comes. Of the
	// summary it fills Records, Diagnostics and Stats; the rest is counted by
	// out.
	//
	// One that can be resumed calls [Output.Checkpoint] now and then. If
	// call.Resume is set, it starts out with that offset and writes what comes
	// after it, the same bytes that the first call would have written. One that
	// cannot, or not any more, either starts at offset 0 and writes everything,
	// or says in its error that the download must begin anew.
	Download(ctx context.Context, call connector.Call, out *Output) (connector.StreamSummary, error)
}

// Uploader is a [Connection] with actions of [connector.ModeUpload].
type Uploader interface {
	// Upload runs an action on the content read from in. The content is
	// complete only if in ended with io.EOF; any other error of in must fail
	// the action.
	Upload(ctx context.Context, call connector.Call, in *Input) (connector.Result, error)
}
