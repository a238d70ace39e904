package sandbox

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// Type prefixes of GSIDs (common.md 9, DOC2 samples). prefixOther and those
// after it are for types whose prefix is UNKNOWN.
const (
	prefixUser     = "1P01"
	prefixCompany  = "1P02"
	prefixCTA      = "1S01"
	prefixPlan     = "1S02"
	prefixPicklist = "1I00"
	prefixCustom   = "1Z02"
	prefixOther    = "1X00"
	prefixTask     = "1X01"
	prefixGoal     = "1X02"
	prefixPlaybook = "1X03"
)

// A GSID has 36 upper-case alphanumerics. The first 18 look like an object and
// tenant prefix (common.md 9, INFERRED); here a serial number follows.
const (
	gsidHead   = 18
	gsidSerial = 18
)

// gsidPrefix is the first half of a tenant's GSIDs of one type.
func gsidPrefix(kind, tenant string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(tenant))
	padded := clean + strings.Repeat("0", gsidHead)
	return kind + padded[:gsidHead-len(kind)]
}

// newGSID returns the GSID of the nth record of a type, the same every time.
func newGSID(kind, tenant string, n int) string {
	return string(appendSerial([]byte(gsidPrefix(kind, tenant)), n))
}

func appendSerial(dst []byte, n int) []byte {
	dst = append(dst, "000000000000000000"...)
	for i := len(dst) - 1; n > 0; i-- {
		dst[i] = digits[n%10]
		n /= 10
	}
	return dst
}

// nameUUID returns a UUID that is the same every time for the same names.
func nameUUID(names ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
