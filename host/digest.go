package host

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
)

// digest is the SHA-256 of a file, computed beside whatever else a start does.
type digest struct {
	done chan struct{}
	sum  []byte
	err  error
}

// startDigest hashes r and closes it.
func startDigest(r io.ReadCloser) *digest {
	d := &digest{done: make(chan struct{})}
	go func() {
		defer close(d.done)
		defer func() { _ = r.Close() }()
		h := sha256.New()
		_, d.err = io.Copy(h, r)
		d.sum = h.Sum(nil)
	}()
	return d
}

func (d *digest) wait() { <-d.done }

// failure says why the file could not be hashed, if so.
func (d *digest) failure() *LaunchError {
	d.wait()
	if d.err == nil {
		return nil
	}
	return unreadable("", d.err)
}

// text returns the digest in hexadecimal.
func (d *digest) text() string { return hex.EncodeToString(d.sum) }

// mismatch says how the file differs from the one that is wanted, if it does.
func (d *digest) mismatch(want []byte) *LaunchError {
	if fault := d.failure(); fault != nil {
		return fault
	}
	if subtle.ConstantTimeCompare(d.sum, want) == 1 {
		return nil
	}
	return &LaunchError{
		Cause: ErrDigest, ExitCode: -1, Detail: fmt.Sprintf("its SHA-256 is %x and not %x", d.sum, want),
		Hint: "install the released file again, or pin the digest of this one if you trust it",
	}
}
