// Command notes is the notes connector. Started by hand it serves two
// notebooks to try it with and writes the connection files that lead to them.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/gainsight-connector/gainsight-connector/examples/notes"
	"github.com/gainsight-connector/gainsight-connector/examples/notes/service"
	"github.com/gainsight-connector/gainsight-connector/plugin"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if !plugin.Launched() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		return notebooks(ctx)
	}
	c, err := notes.New()
	if err != nil {
		return err
	}
	return plugin.Serve(c, nil)
}

// notebooks serves home and work until ctx ends.
func notebooks(ctx context.Context) error {
	servers := make([]http.Server, 2)
	for i, name := range []string{"home", "work"} {
		key := "example-key-of-" + name
		servers[i] = http.Server{
			Handler:           service.New(key, service.Note{Text: "This is the notebook " + name, Tag: name}),
			ReadHeaderTimeout: 10 * time.Second,
		}
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		go func() { _ = servers[i].Serve(listener) }()
		connection, err := json.Marshal(map[string]string{"tenant": name, "address": "http://" + listener.Addr().String(), "api_key": key})
		if err != nil {
			return err
		}
		if err := os.WriteFile(name+".json", append(connection, '\n'), 0o600); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "notebook %s at http://%s, connection file %s.json\n", name, listener.Addr(), name)
	}
	<-ctx.Done()
	for i := range servers {
		_ = servers[i].Close()
	}
	return nil
}
