// Package actions holds what an action is and the one pipeline that executes
// it.
//
// An [Action] is a value: what the catalog shows, a JSON document with its
// input schema, output schema and examples, and how it runs, which is one of
//
//   - [Write]: records in, one result per record out;
//   - [List]: a query in, rows and a cursor out;
//   - Run: one function, for what the other two cannot say;
//   - Stream: one function that writes a large output as it comes;
//   - Upload: one function that reads a large input as it comes.
//
// The pipeline does the same for all of them: decode the input, resolve the
// tenant's schema, check the input against it, run, and shape the output and
// the errors. The actions themselves live in one package per group; package
// catalog puts them together and [New] makes a connector of them.
package actions
