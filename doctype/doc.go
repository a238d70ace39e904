// Package doctype turns what a tenant says about its objects into the schemas
// of their fields.
//
// [ParseDescribe] reads the metadata (OMD) of objects, [FieldNode] gives the
// schema of one field, [Writable] says which fields a form takes, and an
// [Encoder] rewrites records between the form of the schema and that of the
// vendor. A [Cache] keeps the metadata of one tenant. The package knows no
// HTTP: whoever has a client gives the cache a function.
package doctype
