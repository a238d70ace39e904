package bulk_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/actions"
	"github.com/gainsight-connector/gainsight-connector/actions/actionstest"
	"github.com/gainsight-connector/gainsight-connector/internal/sandbox"
)

// gate holds the requests for chunks back until so many are there at once. The
// first chunk passes, since it is asked for alone.
type gate struct {
	http.Handler

	want int
	full chan struct{} // closed once they have been there

	mu         sync.Mutex
	open, most int
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if index, chunk := strings.CutPrefix(r.URL.Path, chunkPath); chunk && index != "0" {
		g.enter(1)
		defer g.enter(-1)
		select {
		case <-g.full:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	g.Handler.ServeHTTP(w, r)
}

// enter counts a request that comes, or one that goes.
func (g *gate) enter(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open += n
	if g.open > g.most {
		g.most = g.open
		if g.most == g.want {
			close(g.full)
		}
	}
}

// TestChunksAtOnce: so many chunks are asked for while none is answered, and
// never more.
func TestChunksAtOnce(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options string
		want    int
	}{
		"unless the input says": {"", 3},
		"one":                   {`,"options":{"parallel":1}`, 1},
		"five":                  {`,"options":{"parallel":5}`, 5},
		"as many as may be":     {`,"options":{"parallel":8}`, 8},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want strings.Builder
			want.WriteString("Name\n")
			chunks := make([]string, 2*tt.want+2)
			for i := range chunks {
				chunks[i] = fmt.Sprintf("Name\nrow %d\n", i)
				fmt.Fprintf(&want, "row %d\n", i)
			}
			tenant := sandbox.New(sandbox.Acme(), nil)
			g := &gate{Handler: &written{tenant, chunks, "null"}, want: tt.want, full: make(chan struct{})}
			r := connectTo(t, tenant, g, actionstest.Unlimited(), actions.Options{})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for the failure only
			defer cancel()
			text, _, err := r.export(ctx, `{"objectName":"company","select":["Name"]`+tt.options+`}`)
			if err != nil || text != want.String() {
				t.Errorf("export %q, %v; want %q", text, err, want.String())
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.most != tt.want {
				t.Errorf("%d chunks were asked for at once, want %d", g.most, tt.want)
			}
		})
	}
}
