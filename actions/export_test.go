package actions

import "github.com/gainsight-connector/gainsight-connector/plugin"

// Compilations returns how many schemas a connector has compiled for the inputs
// of its actions.
func Compilations(c plugin.Connector) int64 {
	own, _ := c.(*gainsightConnector)
	return own.pipeline.compiled.Compilations()
}
