// Package bench measures the connector beside what it cannot be faster than, and
// beside a plugin that others would write: the bare go-plugin, the same request
// without a plugin, and a backend plugin of grafana-plugin-sdk-go. It is a module
// of its own, so that the SDK weighs on nobody who imports the connector.
//
//	go test -run '^$' -bench Execute -benchtime 12x .
//
// An iteration is one round, in which all contestants have their turn. What
// counts are the ratios within a run and the processor time, which other work on
// the machine disturbs least; BENCHMARKS.md has the command of each benchmark
// and says what they came to.
package bench
