package regular

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// TestReadLines: a line up to the limit is read wherever it stands, one above it is not.
func TestReadLines(t *testing.T) {
	const longest = 8
	for text, good := range map[string]bool{
		"": true, "\n": true, "12345678": true, "123456789": false, "12345678\n": true, "123456789\n": false,
		"12345678\n12345678\n12345678": true, "1\n123456789\n1": false, "12345\n12345678\n1234567890": false,
		"1234567\n1\n2\n3\n4\n5\n6\n7\n8\n9\n12345678\n": true,
	} {
		data, err := ReadLines(fstest.MapFS{"f": {Data: []byte(text)}}, "f", 100, longest)
		var long *LongLineError
		if good && (err != nil || string(data) != text) {
			t.Errorf("%q reads as %q, error %v", text, data, err)
		} else if !good && !errors.As(err, &long) {
			t.Errorf("%q gives error %v", text, err)
		}
	}
	var large *TooLargeError
	if _, err := ReadLines(fstest.MapFS{"f": {Data: []byte(strings.Repeat("a\n", 51))}}, "f", 100, longest); !errors.As(err, &large) {
		t.Errorf("102 bytes of at most 100 give error %v", err)
	}
}
