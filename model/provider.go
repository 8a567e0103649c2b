package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	ort "github.com/yalue/onnxruntime_go"
)

// Provider is where the engine runs networks: one of ONNX Runtime's execution
// providers with its options. The zero value is the CPU.
type Provider struct {
	Name    string
	Options map[string]string
}

const cpu = "cpu"

// adders add each provider but the CPU to a session's options.
var adders = map[string]func(*ort.SessionOptions, map[string]string) error{
	"cuda": func(o *ort.SessionOptions, options map[string]string) error {
		cuda, err := ort.NewCUDAProviderOptions()
		if err != nil {
			return err
		}
		defer cuda.Destroy()
		if err := cuda.Update(options); err != nil {
			return err
		}
		return o.AppendExecutionProviderCUDA(cuda)
	},
	"tensorrt": func(o *ort.SessionOptions, options map[string]string) error {
		trt, err := ort.NewTensorRTProviderOptions()
		if err != nil {
			return err
		}
		defer trt.Destroy()
		if err := trt.Update(options); err != nil {
			return err
		}
		return o.AppendExecutionProviderTensorRT(trt)
	},
	"coreml":   (*ort.SessionOptions).AppendExecutionProviderCoreMLV2,
	"openvino": (*ort.SessionOptions).AppendExecutionProviderOpenVINO,
	"directml": func(o *ort.SessionOptions, options map[string]string) error {
		device := 0
		for key, value := range options {
			n, err := strconv.Atoi(value)
			if key != "device_id" || err != nil {
				return fmt.Errorf("option %s=%s: its only option is device_id=NUMBER", key, value)
			}
			device = n
		}
		return o.AppendExecutionProviderDirectML(device)
	},
}

// Providers lists the names that ParseProvider knows.
func Providers() []string {
	return append([]string{cpu}, slices.Sorted(maps.Keys(adders))...)
}

// ParseProvider reads NAME or NAME:key=value,key=value; empty is the CPU.
func ParseProvider(text string) (Provider, error) {
	name, list, _ := strings.Cut(text, ":")
	if name == "" || name == cpu && list == "" {
		return Provider{}, nil
	}
	if adders[name] == nil {
		return Provider{}, fmt.Errorf("provider %q: akin knows %s; options follow a colon: cuda:device_id=1", text, strings.Join(Providers(), ", "))
	}
	p := Provider{Name: name}
	for pair := range strings.SplitSeq(list, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok && list == "" {
			break
		}
		if !ok || key == "" {
			return Provider{}, fmt.Errorf("provider %q: option %q is not key=value", text, pair)
		}
		if p.Options == nil {
			p.Options = map[string]string{}
		}
		p.Options[key] = value
	}
	return p, nil
}

// String is the provider as ParseProvider reads it, options by name.
func (p Provider) String() string {
	if p.Name == "" {
		return cpu
	}
	var options []string
	for _, key := range slices.Sorted(maps.Keys(p.Options)) {
		options = append(options, key+"="+p.Options[key])
	}
	if len(options) == 0 {
		return p.Name
	}
	return p.Name + ":" + strings.Join(options, ",")
}

// ProviderError is a provider that the ONNX Runtime at hand cannot use.
type ProviderError struct {
	Provider  Provider
	Library   string
	Available []string
	Err       error
}

func (e *ProviderError) Error() string {
	return fmt.Sprintf("provider %s: the ONNX Runtime at %s cannot use it: %v; it can use %s",
		e.Provider, e.Library, e.Err, strings.Join(e.Available, ", "))
}

func (e *ProviderError) Unwrap() error { return e.Err }

// add makes sessions with these options run on the runtime's provider.
func (r *Runtime) add(o *ort.SessionOptions) error {
	if r.Provider.Name == "" {
		return nil
	}
	if err := adders[r.Provider.Name](o, r.Provider.Options); err != nil {
		return &ProviderError{r.Provider, r.Library.Path, r.Available(), err}
	}
	return nil
}

// Available lists the providers that the library accepts, found by asking for
// each: the engine's own list says only what it was built with.
func (r *Runtime) Available() []string {
	list := []string{cpu}
	for _, name := range Providers()[1:] {
		if err := try(adders[name]); err == nil {
			list = append(list, name)
		}
	}
	return list
}

func try(add func(*ort.SessionOptions, map[string]string) error) error {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return err
	}
	return errors.Join(add(options, nil), options.Destroy())
}
