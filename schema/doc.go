// Package schema loads, compiles and checks JSON Schemas, and builds those of
// forms. It knows nothing of any vendor.
//
// Start with [Compile] and [Schema.Validate] to check values, or with
// [ParseDocument] for the document of an action. [Overlay] lays the fields of
// a tenant, each a [Node], over the schema of an action. [Diff] tells how a
// schema has changed, [Fingerprint] what to keep of one to tell that later.
//
// Schemas are JSON Schema 2020-12, kept to what draft-07 reads the same way:
// $defs with local $ref, oneOf only of const, type arrays only for null. What
// a form needs beyond that is in the vendor keyword x-connector, see
// [Annotation]; every validator skips it.
package schema
