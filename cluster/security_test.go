package cluster_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/internal/testcluster"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// authority signs certificates.
type authority struct {
	*testing.T
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	dir         string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{T: t, dir: t.TempDir()}
	_, a.certificate, a.key = a.issue("ca", nil)
	return a
}

// issue writes NAME.crt and NAME.key, signed by the authority, by itself where it has no
// certificate yet.
func (a *authority) issue(name string, addresses []net.IP) (pair tls.Certificate, _ *x509.Certificate, _ *ecdsa.PrivateKey) {
	a.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: addresses, IsCA: a.certificate == nil, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	parent, signer := a.certificate, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.Fatal(err)
	}
	for end, block := range map[string]*pem.Block{".crt": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(a.dir, name+end), pem.EncodeToMemory(block), 0o600); err != nil {
			a.Fatal(err)
		}
	}
	pair, err = tls.LoadX509KeyPair(filepath.Join(a.dir, name+".crt"), filepath.Join(a.dir, name+".key"))
	if err != nil {
		a.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		a.Fatal(err)
	}
	return pair, certificate, key
}

// guard listens with TLS before a server that has none, and lets in whom the authority
// has signed.
func (a *authority) guard(server string) (address string) {
	a.Helper()
	pair, _, _ := a.issue("server", []net.IP{net.IPv4(127, 0, 0, 1)})
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"h2"},
	})
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() { l.Close() })
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer from.Close()
				to, err := net.Dial("tcp", server)
				if err != nil {
					return
				}
				defer to.Close()
				go func() { io.Copy(to, from); to.Close() }()
				io.Copy(from, to)
			}()
		}
	}()
	return l.Addr().String()
}

// identify sets the variables of docs/cluster.md.
func (a *authority) identify(client string, trusted *authority) {
	a.Setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", filepath.Join(a.dir, client+".crt"))
	a.Setenv("TEMPORAL_TLS_CLIENT_KEY_PATH", filepath.Join(a.dir, client+".key"))
	a.Setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", filepath.Join(trusted.dir, "ca.crt"))
}

// TestMutualTLS: with certificates of the lab's authority Temporal answers; a client that
// another authority has signed, and one that does not know the server's, get an error.
func TestMutualTLS(t *testing.T) {
	temporal := testcluster.StartTemporal(t)
	lab, stranger := newAuthority(t), newAuthority(t)
	address := lab.guard(temporal.Address)
	lab.issue("worker", nil)
	stranger.issue("worker", nil)

	lab.identify("worker", lab)
	c, err := cluster.Dial(t.Context(), address, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if runs, err := cluster.Runs(t.Context(), c); err != nil || len(runs) != 0 {
		t.Errorf("over TLS there are %v, %v", runs, err)
	}
	for name, identify := range map[string]func(){
		"a stranger":                  func() { stranger.identify("worker", lab) },
		"one who trusts another name": func() { lab.identify("worker", stranger) },
	} {
		identify()
		var unreachable *cluster.UnreachableError
		if _, err := cluster.Dial(t.Context(), address, quiet); !errors.As(err, &unreachable) {
			t.Errorf("%s gets %v", name, err)
		}
	}
}

// TestLeastRights: the policy of docs/cluster/store-policy.json is enough for all that a
// run does with a store, and for nothing else.
func TestLeastRights(t *testing.T) {
	b := testcluster.StartBucket(t)
	policy, err := os.ReadFile("../docs/cluster/store-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	root := connect(t, b)
	b.AddUser("akin-worker", "only-a-test")
	ctx := t.Context()
	if _, err := root.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String("features"), Policy: aws.String(string(policy))}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "akin-worker")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "only-a-test")
	store, err := objects.Open(ctx, b.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if found, err := store.Has(ctx, "features/a/b"); err != nil || found {
		t.Errorf("an absent object: %v, %v", found, err)
	}
	for _, first := range []bool{true, false} {
		if created, err := store.Create(ctx, "features/a/b", []byte("shard")); err != nil || created != first {
			t.Errorf("created: %v, %v, want %v", created, err, first)
		}
	}
	if err := store.Replace(ctx, "features/a/b", []byte("mended")); err != nil {
		t.Error(err)
	}
	if data, err := store.Get(ctx, "features/a/b"); err != nil || string(data) != "mended" {
		t.Errorf("read %q, %v", data, err)
	}
	worker := connect(t, b)
	if _, err := worker.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("features"), Key: aws.String("akin/features/a/b")}); err == nil {
		t.Error("a worker may delete")
	}
	if _, err := worker.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("features"), Key: aws.String("elsewhere"), Body: bytes.NewReader(nil)}); err == nil {
		t.Error("a worker may write outside its prefix")
	}
	if _, err := worker.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String("features"), Policy: aws.String(string(policy))}); err == nil {
		t.Error("a worker may change the policy")
	}
}

// connect is the library's own client, with the credentials of the environment.
func connect(t *testing.T, b *testcluster.Bucket) *s3.Client {
	t.Helper()
	c, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	return s3.NewFromConfig(c, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = aws.String("http://"+b.Address), true })
}
