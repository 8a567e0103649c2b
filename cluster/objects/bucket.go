package objects

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"
)

// bucket is one of an S3 store.
type bucket struct{ *blob.Bucket }

// responseChecksums is the parameter by which the library checks what it reads. It would
// fail as if the store were away; callers check every byte, and make damaged objects anew.
const responseChecksums = "response_checksum_validation"

// openBucket opens s3://bucket/prefix. An endpoint of one's own, as a parameter or in
// the variables of AWS, is asked by paths: few such servers have a name for each bucket.
func openBucket(ctx context.Context, u *url.URL) (backend, error) {
	q := u.Query()
	own := q.Get("endpoint") != "" || os.Getenv("AWS_ENDPOINT_URL_S3") != "" || os.Getenv("AWS_ENDPOINT_URL") != ""
	if own && !q.Has("use_path_style") {
		q.Set("use_path_style", "true")
	}
	if own && !q.Has("region") && os.Getenv("AWS_REGION") == "" && os.Getenv("AWS_DEFAULT_REGION") == "" {
		q.Set("region", "us-east-1") // the signature needs one; such servers take this
	}
	if !q.Has(responseChecksums) {
		q.Set(responseChecksums, "when_required")
	}
	root := url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: q.Encode()}
	b, err := (&s3blob.URLOpener{}).OpenBucketURL(ctx, &root)
	if err != nil {
		return nil, err
	}
	if prefix := strings.Trim(u.Path, "/"); prefix != "" {
		b = blob.PrefixedBucket(b, prefix+"/")
	}
	return bucket{b}, nil
}

func (b bucket) get(ctx context.Context, key string) ([]byte, error) {
	data, err := b.ReadAll(ctx, key)
	return data, b.known(err)
}

func (b bucket) has(ctx context.Context, key string) (bool, error) {
	found, err := b.Exists(ctx, key)
	return found, b.known(err)
}

// create asks for the object before it sends one, and again where sending fails: a
// store that has it may close the connection while the body is under way.
func (b bucket) create(ctx context.Context, key string, data []byte) error {
	if found, err := b.has(ctx, key); err != nil || found {
		return cmp.Or(err, fs.ErrExist)
	}
	err := b.write(ctx, key, data, true)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if found, unknown := b.has(ctx, key); unknown != nil || !found {
		return err
	}
	return fs.ErrExist
}

func (b bucket) replace(ctx context.Context, key string, data []byte) error {
	return b.write(ctx, key, data, false)
}

// write puts the object in one request, so that its condition is one of the store's.
func (b bucket) write(ctx context.Context, key string, data []byte, new bool) error {
	return b.known(b.WriteAll(ctx, key, data, &blob.WriterOptions{
		IfNotExist: new, ContentType: "application/octet-stream", BufferSize: max(len(data)+1, smallestPart),
	}))
}

// smallestPart of an upload that S3 takes.
const smallestPart = 5 << 20

// known gives the errors that callers branch on the meaning of package fs. A missing
// bucket is not a missing object. Others say what the store or the network said, without
// the requests and keys around it.
func (b bucket) known(err error) error {
	var answer smithy.APIError
	if err != nil && b.ErrorAs(err, &answer) && answer.ErrorCode() == "NoSuchBucket" {
		return errors.New("there is no such bucket")
	}
	switch gcerrors.Code(err) {
	case gcerrors.NotFound:
		return fs.ErrNotExist
	case gcerrors.FailedPrecondition:
		return fmt.Errorf("%w: %v", fs.ErrExist, err)
	}
	var network *net.OpError
	switch {
	case answer != nil && slices.Contains(refusals, answer.ErrorCode()):
		return fmt.Errorf("%w, which says %s: %s", ErrNoAccess, answer.ErrorCode(), answer.ErrorMessage())
	case answer != nil && (answer.ErrorCode() == "InsufficientStorage" || answer.ErrorCode() == "QuotaExceeded"):
		return fmt.Errorf("%w: the store says %s: %s", syscall.ENOSPC, answer.ErrorCode(), answer.ErrorMessage())
	case answer != nil:
		return fmt.Errorf("the store says %s: %s", answer.ErrorCode(), answer.ErrorMessage())
	case errors.As(err, &network):
		return fmt.Errorf("the store does not answer: %w", network)
	}
	return err
}

// refusals are what a store says to one whose credentials, rights or clock are wrong.
var refusals = []string{
	"AccessDenied", "Forbidden", "AllAccessDisabled", "AccountProblem", "InvalidAccessKeyId", "InvalidToken", "ExpiredToken",
	"SignatureDoesNotMatch", "RequestTimeTooSkewed",
}

func (b bucket) close() error { return b.Bucket.Close() }
