//go:build !unix

package hosttest

import "errors"

var errNoSignals = errors.New("there are no signals on this system")

func signalKill(int) error      { return errNoSignals }
func signalStop(int) error      { return errNoSignals }
func signalContinue(int) error  { return errNoSignals }
func signalInterrupt(int) error { return errNoSignals }
func signalQuit(int) error      { return errNoSignals }
