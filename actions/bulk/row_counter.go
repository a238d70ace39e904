package bulk

import "bytes"

// rowCounter counts the rows of CSV (RFC 4180) as it passes in pieces. A line
// break within quotes does not end a row; a doubled quote leaves and enters
// quotes again, which comes to the same. An empty line is a row: that is how a
// single column shows null.
type rowCounter struct {
	rows   uint64
	quoted bool
	// partial is set while a row has begun and not ended.
	partial bool
}

// count takes the next piece. Whole stretches without a quote are counted at
// once.
func (c *rowCounter) count(piece []byte) {
	for len(piece) > 0 {
		stretch, quote := piece, bytes.IndexByte(piece, '"')
		if quote >= 0 {
			stretch = piece[:quote]
		}
		if !c.quoted && len(stretch) > 0 {
			c.rows += uint64(bytes.Count(stretch, newline)) //nolint:gosec // a count is not negative
			c.partial = stretch[len(stretch)-1] != '\n'
		}
		if quote < 0 {
			return
		}
		c.quoted = !c.quoted
		c.partial = true
		piece = piece[quote+1:]
	}
}

// firstEnd returns where in the next piece the first row ends, after its line
// break; -1 if it does not.
func (c *rowCounter) firstEnd(piece []byte) int {
	for i, b := range piece {
		switch {
		case b == '"':
			c.quoted = !c.quoted
		case b == '\n' && !c.quoted:
			return i + 1
		}
	}
	return -1
}

var newline = []byte{'\n'}
