// Package jsonschema compares the project's validator with one that shares no
// code with it, on the schemas of the simulated tenants and on values made for
// and against them. It is a module of its own so that the other validator
// weighs on nobody.
package jsonschema
