//go:build !linux && !darwin

package atomicfile

import "errors"

var exchange = func(string, string) error { return errors.ErrUnsupported }
