package wire

// What a host and a connector must agree on before the first message. A binary
// that is started without the cookie was started by a person.
const (
	// ProtocolVersion is the go-plugin protocol version of connector.v1.
	ProtocolVersion = 1
	// CookieKey is the environment variable that a host sets.
	CookieKey = "CONNECTOR_PLUGIN"
	// CookieValue is its value; it is no secret.
	CookieValue = "c1f1a3b6-connector-v1"
	// ServiceName is the name under which the service is dispensed.
	ServiceName = "connector"

	// LeaseKey is the environment variable by which a host says how a
	// connector learns that the host is gone.
	LeaseKey = "CONNECTOR_LEASE"
	// LeaseStdin is its value if stdin is a pipe that the host holds open and
	// never writes to: at its end the connector leaves, and removes the folder
	// of its socket, and the one around it if that is empty then.
	LeaseStdin = "stdin"
)

// Versions are the protocol versions that this release speaks, newest first. In
// the time between two majors they are both here, so that hosts and connectors
// can be upgraded in any order.
func Versions() []int { return []int{ProtocolVersion} }

// Optional abilities that the handshake settles.
const (
	// FeatureEvents: the host reads WatchEvents.
	FeatureEvents = "events"
	// FeatureProgress: the host takes Progress during downloads.
	FeatureProgress = "progress"
	// FeatureResume: the host takes Checkpoint during downloads and may ask to
	// go on from one.
	FeatureResume = "download.resume"
	// FeatureDrift: the host may say what a call was built with.
	FeatureDrift = "drift"
	// FeatureRequests: the host wants each request to the vendor in CallStats.
	FeatureRequests = "stats.requests"
)

// MaxToken is the largest token of a checkpoint, in bytes.
const MaxToken = 64 << 10
