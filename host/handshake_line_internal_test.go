package host

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckHandshakeLine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		line  string
		cause error
	}{
		"empty":            {line: "", cause: ErrGarbage},
		"text":             {line: "hello", cause: ErrGarbage},
		"bars":             {line: "a|b|c|d", cause: ErrGarbage},
		"few fields":       {line: "1|1|unix", cause: ErrGarbage},
		"other core":       {line: "2|1|unix|/s|grpc|", cause: ErrProtocol},
		"other version":    {line: "1|9|unix|/s|grpc|", cause: ErrProtocol},
		"no protocol":      {line: "1|1|unix|/s", cause: ErrProtocol},
		"remote address":   {line: "1|1|tcp|192.0.2.1:80|grpc|", cause: ErrProtocol},
		"relative socket":  {line: "1|1|unix|s|grpc|", cause: ErrProtocol},
		"bad certificate":  {line: "1|1|tcp|127.0.0.1:80|grpc|AAAA", cause: ErrProtocol},
		"surrounded":       {line: " 1|9|unix|/s|grpc|\t", cause: ErrProtocol},
		"endless number":   {line: strings.Repeat("1", 100) + "|1|unix|/s", cause: ErrGarbage},
		"netrpc":           {line: "1|1|unix|/s|netrpc|", cause: ErrProtocol},
		"network of old":   {line: "1|1|pipe|/s|grpc|", cause: ErrProtocol},
		"negative version": {line: "1|-1|unix|/s|grpc|", cause: ErrProtocol},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault := checkHandshakeLine(tc.line)
			if fault == nil || !errors.Is(fault, tc.cause) || fault.Hint == "" || fault.ExitCode != -1 {
				t.Fatalf("fault = %+v, want %v with a hint", fault, tc.cause)
			}
		})
	}
}

func FuzzHandshakeLine(f *testing.F) {
	f.Add("1|1|unix|/tmp/s|grpc|MIIB")
	f.Add("1|7|tcp|127.0.0.1:1|netrpc")
	f.Fuzz(func(t *testing.T, line string) {
		if fault := checkHandshakeLine(line); fault != nil && (fault.Cause == nil || fault.Hint == "") {
			t.Fatalf("fault without cause or hint: %+v", fault)
		}
	})
}
