package connector

// StreamHeader says what a download delivers.
type StreamHeader struct {
	// ContentType is the media type. Empty: "application/octet-stream".
	ContentType string
	// TotalBytes is the size of the whole, if it is known beforehand. 0: it is
	// not.
	TotalBytes uint64
	// Offset is where the delivery begins: that of [Call.Resume] if the action
	// goes on from there, else 0.
	Offset uint64
}

// Checkpoint is a place in the output of a download to go on from if it is
// broken off, even by a process that knows nothing of the first.
type Checkpoint struct {
	// Offset is the number of bytes before it. They end with a whole record.
	Offset uint64 `json:"offset"`
	// Token is what the connector needs to go on. It holds no secret. Empty: there
	// is no place to go on from any more.
	Token []byte `json:"token"`
}

// StreamSummary is what a finished download came to.
type StreamSummary struct {
	// ContentType is the media type.
	ContentType string `json:"contentType"`
	// Offset is where the delivery began. 0: at the beginning.
	Offset uint64 `json:"offset,omitempty"`
	// Bytes is the size, from Offset on.
	Bytes uint64 `json:"bytes"`
	// Records is the number of records, those before Offset included. 0: not
	// counted.
	Records uint64 `json:"records,omitempty"`
	// SHA256 is over all bytes from Offset on, in hexadecimal.
	SHA256 string `json:"sha256"`
	// Diagnostics are remarks.
	Diagnostics []Diagnostic `json:"diagnostics,omitempty"`
	// Stats says what the call cost.
	Stats Stats `json:"stats"`
}

// Progress is a sign of life during long work.
type Progress struct {
	// Message says what is being done.
	Message string `json:"message"`
	// Done units of Total.
	Done uint64 `json:"done"`
	// Total units. 0: not known.
	Total uint64 `json:"total,omitempty"`
}
