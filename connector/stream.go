package connector

// StreamHeader says what a download delivers.
type StreamHeader struct {
	// ContentType is the media type. Empty: "application/octet-stream".
	ContentType string
	// TotalBytes is the size, if it is known beforehand. 0: it is not.
	TotalBytes uint64
}

// StreamSummary is what a finished download came to.
type StreamSummary struct {
	// ContentType is the media type.
	ContentType string `json:"contentType"`
	// Bytes is the size.
	Bytes uint64 `json:"bytes"`
	// Records is the number of records. 0: not counted.
	Records uint64 `json:"records,omitempty"`
	// SHA256 is over all bytes, in hexadecimal.
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
