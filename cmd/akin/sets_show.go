package main

import (
	"bytes"
	"fmt"
	"image/png"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/gallery"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

func (c *console) setsShowCommand() *cobra.Command {
	var sheet, page string
	cmd := &cobra.Command{
		Use:   "show SET",
		Short: "say what a set holds and where it comes from, and draw it",
		Long: fmt.Sprintf(`show prints what a set holds and where it comes from.

--sheet draws its triplets, target beside related beside unrelated, on a contact
sheet; a set of more than %d triplets fills several: FILE-01.png, FILE-02.png, ...
--gallery writes them as one offline HTML page that filters by relation,
distractor and words.`, gallery.PerSheet),
		Example: `  akin sets show everyday
  akin sets show my-folder --sheet sheet.png --gallery gallery.html`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			drawn := sheet != "" || page != ""
			s, pictures, err := c.home.OpenSet(args[0], stimuli.Options{AnyTask: !drawn})
			if err != nil {
				return err
			}
			err = show(c, newSetInfo(s), c.printSet)
			if err == nil && sheet != "" {
				err = c.writeSheets(sheet, s, pictures)
			}
			if err == nil && page != "" {
				err = c.writeGallery(page, s, pictures)
			}
			return err
		},
	}
	c.jsonFlag(cmd, "print JSON")
	cmd.Flags().StringVar(&sheet, "sheet", "", "write a contact sheet, a PNG `file`")
	cmd.Flags().StringVar(&page, "gallery", "", "write a gallery, an HTML `file`")
	return cmd
}

func (c *console) writeSheets(name string, s *stimuli.Set, pictures fs.FS) error {
	number := 0
	for drawn, err := range gallery.Sheets(s, pictures) {
		if err != nil {
			return err
		}
		file := name
		if number++; len(s.Triplets) > gallery.PerSheet {
			ext := filepath.Ext(name)
			file = fmt.Sprintf("%s-%02d%s", strings.TrimSuffix(name, ext), number, ext)
		}
		var out bytes.Buffer
		if err := png.Encode(&out, drawn); err != nil {
			return err
		}
		if err := atomicfile.Write(file, out.Bytes()); err != nil {
			return err
		}
		fmt.Fprintln(c.err, "sheet:", file)
	}
	return nil
}

func (c *console) writeGallery(name string, s *stimuli.Set, pictures fs.FS) error {
	shown, err := gallery.New(s, page.Pictures{Files: pictures})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := shown.Write(&out); err != nil {
		return err
	}
	if err := atomicfile.Write(name, out.Bytes()); err != nil {
		return err
	}
	fmt.Fprintln(c.err, "gallery:", name)
	return nil
}
