package oauth

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"github.com/gainsight-connector/gainsight-connector/connector"
)

// Token is an access token. The zero value is none.
type Token struct {
	// Access is what a request is signed with.
	Access connector.Secret

	serial  uint64 // of the source; 0: none
	issued  time.Time
	expires time.Time // zero: not known
	// replaces is set if the one before was refused by the tenant.
	replaces bool
}

// newToken reads the answer to a request that began at some moment. Its end is
// counted from there by the clock of the connection, not that of the library.
func newToken(got *oauth2.Token, began time.Time) Token {
	t := Token{Access: connector.NewSecret(got.AccessToken), issued: began}
	// Some servers send the number as a string.
	seconds, err := strconv.ParseFloat(fmt.Sprint(got.Extra("expires_in")), 64)
	if err == nil && seconds >= 1 {
		t.expires = began.Add(time.Duration(min(seconds, math.MaxInt32)) * time.Second)
	}
	return t
}

// maxMargin is how long before its end a token is renewed at most.
const maxMargin = time.Minute

// valid reports whether the token has not expired.
func (t Token) valid(now time.Time) bool {
	return t.serial > 0 && (t.expires.IsZero() || now.Before(t.expires))
}

// fresh reports whether the token will do for a call that begins now: it is
// renewed a minute before its end, or a tenth of its life if that is shorter.
func (t Token) fresh(now time.Time) bool {
	return t.valid(now.Add(min(maxMargin, t.expires.Sub(t.issued)/10)))
}
