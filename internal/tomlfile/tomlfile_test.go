package tomlfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	var v struct{ Name string }
	if err := Decode([]byte(`name = "a"`), &v); err != nil || v.Name != "a" {
		t.Errorf("%+v, error %v", v, err)
	}
	var faults Faults
	if err := Decode([]byte("nmae = 'b'\nname = 'b'"), &v); !errors.As(err, &faults) || !faults[0].Unknown || faults[0].Line != 1 || v.Name != "b" {
		t.Errorf("an unknown key gives %v and leaves %+v", err, v)
	}
	if err := DecodeKnown([]byte("name = 'c'\nnmae = 'b'"), &v); err != nil || v.Name != "c" {
		t.Errorf("%+v, error %v", v, err)
	}
}

// TestBombs: tables, keys and size are refused before anything is decoded.
func TestBombs(t *testing.T) {
	var tables, keys strings.Builder
	for i := range 60000 {
		fmt.Fprintf(&tables, "[t%d]\n", i)
		fmt.Fprintf(&keys, "k%d=1\n", i)
	}
	for name, text := range map[string]string{
		"tables": tables.String(), "keys": keys.String(), "arrays": strings.Repeat("[[a]]\n", 60000), "a long note": "note = '" + strings.Repeat("x", 2<<20) + "'",
	} {
		var v struct{ Note string }
		if err := Decode([]byte(text), &v); err == nil || !strings.Contains(err.Error(), "a description") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
