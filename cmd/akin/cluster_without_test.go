//go:build !cluster

package main

import (
	"runtime/debug"
	"strings"
	"testing"
)

// TestOtherBuild: akin hands over to its own version only, built with the libraries of a
// cluster.
func TestOtherBuild(t *testing.T) {
	for _, c := range []struct{ tags, theirs, mine, why string }{
		{"cluster", "v1.2.0", "v1.2.0", ""},
		{"extra,cluster", "v1.2.0", "v1.2.0", ""},
		{"cluster", "v1.2.0", "v1.3.0", "is of version v1.2.0, this akin of v1.3.0"},
		{"cluster", "v1.2.0", "v1.2.0+dirty", "is of version"},
		{"cluster", "(devel)", "v1.2.0", ""},
		{"cluster", "v1.2.0", "(devel)", ""},
		{"cluster", "", "v1.2.0", ""},
		{"clusters", "v1.2.0", "v1.2.0", "without the libraries"},
		{"", "v1.2.0", "v1.2.0", "without the libraries"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: c.theirs}, Settings: []debug.BuildSetting{{Key: "-tags", Value: c.tags}}}
		if why := otherBuild(info, c.mine); !strings.Contains(why, c.why) || (why == "") != (c.why == "") {
			t.Errorf("%+v: %q", c, why)
		}
	}
}
