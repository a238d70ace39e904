package gainsight

import "errors"

var (
	// errTimeout ends a request that took longer than the connection allows.
	errTimeout = errors.New("the tenant took too long")
	// errEmptyResult marks a refusal that only says that nothing was found.
	errEmptyResult = errors.New("the tenant found nothing")
	// errNoObject marks a refusal that says that an object does not exist.
	errNoObject = errors.New("the tenant has no such object")
	// errNoResult marks an answer that does not say whether it is a success.
	errNoResult = errors.New("the answer has no result")
	// errNoPath marks a refusal that says that there is no such path.
	errNoPath = errors.New("the tenant has no such path")
)

// retold is an error in words that can be shown.
type retold struct {
	cause error
	text  string
}

func (r retold) Error() string { return r.text }

func (r retold) Unwrap() error { return r.cause }
