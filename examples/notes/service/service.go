// Package service is the simulated notebook that the notes connector is tried
// against: a whole HTTP API in memory.
package service

import (
	"bufio"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
)

// Note is one note.
type Note struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
	Tag  string `json:"tag,omitempty"`
}

// Notebook is an [http.Handler] that keeps notes until it ends. It is safe for
// concurrent use.
type Notebook struct {
	key string
	mux *http.ServeMux

	mu    sync.Mutex
	notes []Note
}

// New returns a notebook that takes one API key and starts with notes, their
// ids counted from 1.
func New(key string, notes ...Note) *Notebook {
	n := &Notebook{key: key, mux: http.NewServeMux()}
	for _, note := range notes {
		n.add(note)
	}
	n.mux.HandleFunc("GET /notes", n.list)
	n.mux.HandleFunc("POST /notes", n.create)
	n.mux.HandleFunc("GET /notes/export", n.export)
	n.mux.HandleFunc("POST /notes/import", n.load)
	n.mux.HandleFunc("GET /tags", n.tags)
	return n
}

// ServeHTTP implements [http.Handler].
func (n *Notebook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Api-Key") != n.key {
		http.Error(w, "wrong key", http.StatusUnauthorized)
		return
	}
	n.mux.ServeHTTP(w, r)
}

// Len returns the number of notes.
func (n *Notebook) Len() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.notes)
}

func (n *Notebook) add(notes ...Note) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, note := range notes {
		note.ID = len(n.notes) + 1
		n.notes = append(n.notes, note)
	}
}

// tagged returns the notes with a tag; empty: all.
func (n *Notebook) tagged(tag string) []Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	found := []Note{}
	for _, note := range n.notes {
		if tag == "" || note.Tag == tag {
			found = append(found, note)
		}
	}
	return found
}

func (n *Notebook) list(w http.ResponseWriter, r *http.Request) {
	reply(w, map[string]any{"notes": n.tagged(r.URL.Query().Get("tag"))})
}

func (n *Notebook) create(w http.ResponseWriter, r *http.Request) {
	var note Note
	if json.NewDecoder(r.Body).Decode(&note) != nil || note.Text == "" {
		http.Error(w, "a note has a text", http.StatusBadRequest)
		return
	}
	n.add(note)
	reply(w, map[string]int{"id": n.Len()})
}

func (n *Notebook) export(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	for _, note := range n.tagged("") {
		reply(w, note)
	}
}

// load adds all notes of a body or, if one is wrong, none.
func (n *Notebook) load(w http.ResponseWriter, r *http.Request) {
	var notes []Note
	lines := bufio.NewScanner(r.Body)
	for lines.Scan() {
		var note Note
		if json.Unmarshal(lines.Bytes(), &note) != nil || note.Text == "" {
			http.Error(w, "a note is one JSON object with a text", http.StatusBadRequest)
			return
		}
		notes = append(notes, note)
	}
	if lines.Err() != nil {
		http.Error(w, "the content ended early", http.StatusBadRequest)
		return
	}
	n.add(notes...)
	reply(w, map[string]int{"created": len(notes)})
}

func (n *Notebook) tags(w http.ResponseWriter, _ *http.Request) {
	tags := []string{}
	for _, note := range n.tagged("") {
		if note.Tag != "" && !slices.Contains(tags, note.Tag) {
			tags = append(tags, note.Tag)
		}
	}
	slices.Sort(tags)
	reply(w, map[string]any{"tags": tags})
}

func reply(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) } //nolint:errchkjson // notes and counts, and a caller who left wants none
