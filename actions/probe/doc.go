// Package probe tests what the connector assumes about a tenant because no
// source documents it: paths, forms, keys, codes.
//
// An [Assumption] is a value. It says what is taken for granted, how to try it
// and which other settings are worth a try; each group of actions lists its own.
// [Run] tries each with the connection's own settings first. If that fails, it
// tries the others, by asking the tenant with exactly the settings that it would
// recommend, so that what it recommends has worked.
//
// A probe reads. What only an operation that writes can tell is asked for with
// [connector.ThoroughCheck.Writes] alone, by requests without records, which
// are harmless by inference only. What only a job can tell, of which a tenant
// takes few, is asked for with [connector.ThoroughCheck.Jobs] alone. No request
// names a record of the tenant.
package probe
