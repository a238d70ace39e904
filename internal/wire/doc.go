// Package wire turns the vocabulary of package connector into the messages of
// proto/connector/v1 and back. Both ends use it, so a value means the same on
// each; a test takes every message through both directions.
package wire

import (
	"crypto/rand"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// NewID returns a random id of 26 letters and digits, 130 bits, for handles,
// process instances and requests.
func NewID() string { return rand.Text() }

// enum is a generated enum type.
type enum interface {
	~int32
	protoreflect.Enum
}

// enumTo returns the value of E whose name is prefix + word in capitals, or 0
// (UNSPECIFIED).
func enumTo[E enum, W ~string](prefix string, word W) E {
	if v := E(0).Descriptor().Values().ByName(protoreflect.Name(prefix + strings.ToUpper(string(word)))); v != nil {
		return E(v.Number())
	}
	return 0
}

// enumFrom is the reverse of enumTo, in small letters. UNSPECIFIED and values
// this side does not know are the safe reading that the contract names.
func enumFrom[W ~string, E enum](prefix string, value E, safe W) W {
	if v := value.Descriptor().Values().ByNumber(value.Number()); v != nil && value != 0 {
		return W(strings.ToLower(strings.TrimPrefix(string(v.Name()), prefix)))
	}
	return safe
}

func durationTo(d time.Duration) *durationpb.Duration {
	if d == 0 {
		return nil
	}
	return durationpb.New(d)
}

func durationFrom(d *durationpb.Duration) time.Duration { return d.AsDuration() }

func timeTo(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

func timeFrom(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}

// mapSlice applies f to each element; nil stays nil.
func mapSlice[A, B any](in []A, f func(A) B) []B {
	if len(in) == 0 {
		return nil
	}
	out := make([]B, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

// count32 fits a count into the wire's width.
func count32(n int) uint32 { return uint32(min(max(n, 0), 1<<31-1)) }
