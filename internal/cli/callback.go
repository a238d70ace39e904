package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gainsight-connector/gainsight-connector/connector"
	"github.com/gainsight-connector/gainsight-connector/internal/oauth"
)

// callback is the address to which the browser comes back.
type callback struct {
	ctx           context.Context //nolint:containedctx // the sign-in goes on if the browser leaves
	path          string
	tenant        string
	authorization *oauth.Authorization
	keep          func(connector.Secret) error

	once sync.Once
	done chan struct{}
	err  error
}

// serveCallback waits for the browser and ends the sign-in.
func serveCallback(ctx context.Context, listener net.Listener, c *callback) error {
	c.done = make(chan struct{})
	server := &http.Server{Handler: c, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil { // the browser is to see how it went
			_ = server.Close()
		}
	}()
	select {
	case <-c.done:
		return c.err
	case err := <-ended:
		return fmt.Errorf("wait for the browser: %w", err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ServeHTTP takes the answer that the browser brings. One that does not belong
// to this sign-in changes nothing.
func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	query := r.URL.Query()
	switch {
	case r.Method != http.MethodGet || r.URL.Path != c.path:
		say(w, http.StatusNotFound, "There is nothing here.")
		return
	case !c.authorization.Owns(query):
		say(w, http.StatusBadRequest, "This is the answer to another sign-in.")
		return
	}
	c.once.Do(func() { // a browser may ask twice
		defer close(c.done)
		var token connector.Secret
		if token, c.err = c.authorization.Finish(c.ctx, query); c.err == nil {
			c.err = c.keep(token)
		}
	})
	switch e := (*connector.Error)(nil); {
	case c.err == nil:
		say(w, http.StatusOK, "You are signed in to tenant "+c.tenant+". This window can be closed.")
	case errors.As(c.err, &e):
		say(w, http.StatusBadRequest, "The sign-in failed: "+e.Message+".")
	default:
		say(w, http.StatusInternalServerError, "The sign-in failed; the terminal says why.")
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text)
}
