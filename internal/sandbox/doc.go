// Package sandbox is a simulated Gainsight tenant: a real HTTP handler that
// answers as the vendor's API is known to answer, so that a connector can be
// built, tested and shown without a tenant.
//
// Start from [New] with one of the seeds, [Acme] or [Globex], and serve the
// [Tenant] with net/http. A tenant keeps state: what is created can be read
// back over HTTP and through [Tenant.CTAs] and [Tenant.Plans]. It enforces the
// documented fixed-window limits and, on request, misbehaves: see [Fault].
//
// # Life of a request
//
//  1. It gets a random requestId, which is in every JSON answer.
//  2. Injected faults that come before the work are applied.
//  3. The authorization server answers what is for it: the tenant signs in with
//     OAuth 2.0 too.
//  4. The gateway checks the access key or token, then the route, then the
//     limits. That order is INFERRED.
//  5. The body is read: JSON, declared as such.
//  6. The API group answers. Each group has its own file.
//  7. Faults that come after the work spoil the answer.
//
// # Evidence
//
// Every behaviour cites the fact it rests on, by file and label, for example
// (cta.md, DOC2 sample) or (common.md 4, envelope E). The labels are those of
// the reference: DOC, DOC2, LIVE, CODE, INFERRED, UNKNOWN.
//
//   - Where a fact is known, the sandbox does exactly that and no more.
//   - Where facts conflict, a field of [Forms] switches between them; its zero
//     value is the default of the open questions.
//   - Where nothing is known, the sandbox takes the stricter reading, so that
//     a client which works here asks nothing of the vendor that no source
//     shows, and the comment says INFERRED.
//
// # Adding an API group
//
// Write one file with a method of Tenant that returns the group's routes, and
// add it to the list in newRoutes.
package sandbox
