package hosttest

import (
	"context"
	"crypto/tls"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	connectorv1 "github.com/gainsight-connector/gainsight-connector/proto/connector/v1"
)

// noStrangers calls a connector with the certificate of its host, which shows
// that there is something to call, and then as other processes could.
func noStrangers(t *trial) {
	b := t.bare("1")
	parts := strings.Split(b.line, "|")
	if len(parts) < 4 {
		t.skipf("the first line has no address, which launch/handshake-line tells")
	}
	address := parts[3]
	if parts[2] == "unix" {
		address = "unix:" + address
	}
	call := func(c credentials.TransportCredentials) error {
		conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(c))
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		ctx, cancel := context.WithTimeout(t.ctx, t.options.Patience)
		defer cancel()
		_, err = connectorv1.NewConnectorServiceClient(conn).Handshake(ctx, &connectorv1.HandshakeRequest{})
		return err
	}
	with := func(keys ...tls.Certificate) credentials.TransportCredentials {
		return credentials.NewTLS(&tls.Config{
			Certificates: keys, ServerName: "localhost", MinVersion: tls.VersionTLS12,
			InsecureSkipVerify: true, //nolint:gosec // a stranger does not mind whom it calls
		})
	}
	t.must(call(with(b.key)), "calling the connector as its host")
	for stranger, c := range map[string]credentials.TransportCredentials{
		"no encryption": insecure.NewCredentials(), "no certificate": with(), "another certificate": with(t.selfSigned()),
	} {
		if call(c) == nil {
			t.errorf("a caller with %s is answered", stranger)
		}
	}
}
