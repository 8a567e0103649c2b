package model

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseProvider(t *testing.T) {
	for text, want := range map[string]Provider{
		"":                           {},
		"cpu":                        {},
		"cuda":                       {Name: "cuda"},
		"cuda:device_id=1":           {Name: "cuda", Options: map[string]string{"device_id": "1"}},
		"openvino:b=2,device_type=x": {Name: "openvino", Options: map[string]string{"device_type": "x", "b": "2"}},
	} {
		got, err := ParseProvider(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v %s", text, err, diff)
		}
		if name := got.String(); text != "" && name != text {
			t.Errorf("%q is written as %q", text, name)
		}
	}
	for _, text := range []string{"abacus", "cpu:x=1", "cuda:device", "cuda:=1"} {
		if p, err := ParseProvider(text); err == nil {
			t.Errorf("%q was read as %v", text, p)
		}
	}
}

func TestEngineNamesTheProvider(t *testing.T) {
	rt := &Runtime{Version: "1.2.3"}
	if rt.Engine() != "onnxruntime-1.2.3-cpu" {
		t.Errorf("the default is %s: earlier features would be lost", rt.Engine())
	}
	rt.Provider = Provider{Name: "cuda", Options: map[string]string{"device_id": "1"}}
	if !strings.HasSuffix(rt.Engine(), "-cuda:device_id=1") || !IsCurrent(rt.Engine(), rt.EngineName()) || IsCurrent(rt.Engine(), "onnxruntime-1.2.4") {
		t.Errorf("engine %s", rt.Engine())
	}
}
