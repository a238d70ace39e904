package bulk

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/connector"
)

// addressBook has the addresses of a job's chunks, and asks for new ones when
// they have expired: how long they live is not documented (open question 17).
// Safe for concurrent use.
type addressBook struct {
	call *actions.Call
	// status is the address of the job's state. Empty: there is no job to ask.
	status string

	mu     sync.Mutex
	chunks []chunk
}

// url returns the address of a chunk.
func (b *addressBook) url(index int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.chunks[index].URL
}

// renew returns another address in place of one that the tenant refused. If
// there is none, the error is that refusal, or says that the job is gone.
func (b *addressBook) renew(ctx context.Context, index int, refused string, refusal error) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if url := b.chunks[index].URL; url != refused {
		return url, nil
	}
	if b.status == "" {
		return "", refusal
	}
	j, err := status(ctx, b.call, b.status)
	switch {
	case errors.Is(err, connector.ReasonNotFound):
		return "", gone(err)
	case err != nil || j.Status != stateCompleted || len(j.Chunks) != len(b.chunks):
		return "", refusal
	}
	b.chunks = j.Chunks
	if url := j.Chunks[index].URL; url != refused {
		return url, nil
	}
	return "", refusal
}

// expired reports whether a refusal may mean that the address is too old.
func expired(err error) bool {
	return errors.Is(err, connector.ReasonNotFound) || errors.Is(err, connector.ReasonPermissionDenied) ||
		err != nil && connector.AsError(err).Downstream.Status == http.StatusGone
}

// gone is about a job that the tenant knows no longer.
func gone(err error) error {
	e := *connector.AsError(err)
	e.Message = "the tenant knows the export job no longer: " + e.Message
	e.Hint = "Begin the export anew. How long a job is kept is not documented."
	return &e
}
