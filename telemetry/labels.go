package telemetry

// labels are those of a metric: the connector, what is particular to the metric
// and, if metrics are told apart by it, the connection.
type labels struct {
	connections bool
}

// names returns the names of the labels of a metric that has own.
func (l labels) names(own ...string) []string { return l.in("connector", "connection", own) }

// values returns what the labels of a metric are in one series.
func (l labels) values(connector, connection string, own ...string) []string {
	return l.in(connector, connection, own)
}

func (l labels) in(connector, connection string, own []string) []string {
	all := append([]string{connector}, own...)
	if l.connections {
		all = append(all, connection)
	}
	return all
}
