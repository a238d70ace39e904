package gainsight

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Principal identifies the tenant and the credential of a connection, so that
// what one of them has learnt serves another. Users who sign in through one
// application count as one: their tokens change.
func (c Config) Principal() string {
	h := sha256.New()
	for _, part := range []string{
		strings.ToLower(c.Base.Hostname()), port(c.Base), c.Base.Path,
		string(c.Auth.Kind), c.Auth.oauth.ClientID, c.Auth.AccessKey.Reveal(),
	} {
		_, _ = h.Write([]byte(part + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil))
}
