// Package plugin is the kit for authors of connectors. An author implements
// [Connector] and [Connection] in plain Go; this package puts them on the wire:
//
//	func main() {
//		if err := plugin.Serve(acme.New(), nil); err != nil {
//			fmt.Fprintln(os.Stderr, err)
//			os.Exit(1)
//		}
//	}
//
// A host starts the program, shakes hands, reads the manifest and opens
// connections, each with the settings and secrets of one tenant. One process
// serves many tenants at once.
//
// The package takes care of what every connector needs and none should write:
// the life of connections, which are closed once and only after the last call
// on them has ended; size limits in both directions; streams that are checked
// byte for byte; conditional schemas; events that wait for a host that is
// away; draining; request ids; and panics, which fail the one call and leave
// the process to the other tenants. Goroutines that an author starts have the
// same protection if a [Group] starts them.
//
// What an author returns as an error should be a [connector.Error]: its reason,
// hint and violations reach the person who made the call. The author's context
// ends when the host cancels the call or its deadline passes.
package plugin
