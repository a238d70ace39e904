//go:build unix && race

package chaos_test

// raceDetector is set if the tests run under it: everything takes many times as
// long.
const raceDetector = true
