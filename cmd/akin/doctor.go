package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/model"
	"github.com/spf13/cobra"
)

// finding is one line of "akin doctor".
type finding struct {
	What  string `json:"what"`
	Value string `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
	Hint  string `json:"hint,omitempty"`
}

func (c *console) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "say what akin found on this machine, and what is missing",
		Long: `doctor says which ONNX Runtime, pictures and JPEG decoder akin uses here, and
exits 1 if something is missing. Environment: AKIN_CACHE, folder for fetched files
and features; AKIN_ONNXRUNTIME, the library or its folder; AKIN_TURBOJPEG, the
libjpeg-turbo library, or "none" to decode in Go, with the same pixels.`,
		Example: "  akin doctor",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			findings := c.examine()
			if c.asJSON {
				if err := c.printJSON(findings); err != nil {
					return err
				}
			}
			missing := 0
			for _, f := range findings {
				if f.Error != "" {
					missing++
				}
				if !c.asJSON {
					c.printFinding(f)
				}
			}
			if missing > 0 {
				return fmt.Errorf("missing: %d of %d", missing, len(findings))
			}
			return nil
		},
	}
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) printFinding(f finding) {
	if f.Error == "" {
		fmt.Fprintf(c.prose(), "ok       %-16s %s\n", f.What, f.Value)
		return
	}
	fmt.Fprintf(c.prose(), "missing  %-16s %s\n", f.What, f.Error)
	if f.Hint != "" {
		fmt.Fprintf(c.prose(), "         %-16s %s\n", "", f.Hint)
	}
}

func (c *console) examine() []finding {
	return []finding{
		{What: "akin", Value: fmt.Sprintf("%s, %s, %s/%s, %s", akin.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, english.Count(runtime.NumCPU(), "core"))},
		{What: "picture decoder", Value: imaging.Decoder + ", JPEG " + imaging.JPEGDecoder()},
		c.examineCache(),
		c.examineEngine(),
		c.examinePictures(),
	}
}

func (c *console) examineCache() finding {
	f := finding{What: "cache", Value: c.home.Cache}
	if err := os.MkdirAll(c.home.Cache, 0o777); err != nil {
		return failed(f.What, err)
	}
	return f
}

func (c *console) examineEngine() finding {
	const what = "ONNX Runtime"
	library, err := c.home.FindLibrary()
	if err != nil {
		return failed(what, err)
	}
	engine, err := model.LoadRuntime(library)
	if err != nil {
		return failed(what, err)
	}
	defer engine.Close()
	return finding{What: what, Value: fmt.Sprintf("%s, from %s: %s", engine.Version, library.Origin, library.Path)}
}

func (c *console) examinePictures() finding {
	const what = "pictures"
	dir, err := c.home.FindPictures("fluent-emoji-3d")
	if err != nil {
		return failed(what, err)
	}
	return finding{What: what, Value: dir}
}

func failed(what string, err error) finding {
	return finding{What: what, Error: err.Error(), Hint: hintFor(err)}
}
