package main

import (
	"fmt"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

func (c *console) setsListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "list the sets inside akin",
		Example: "  akin sets list",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			var infos []setInfo
			for _, name := range stimuli.EmbeddedNames() {
				s, _, err := c.home.OpenSet(name, stimuli.Options{})
				if err != nil {
					return err
				}
				info := newSetInfo(s)
				info.Name = name // with the version, where it is an earlier one
				infos = append(infos, info)
			}
			return show(c, infos, c.printSets)
		},
	}
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) printSets(infos []setInfo) {
	for _, s := range infos {
		fmt.Fprintf(c.prose(), "%s  %s of %s  %s\n", s.Name, english.Count(s.Triplets, "triplet"), english.Count(s.Pictures, "picture"), s.Title)
	}
	fmt.Fprintf(c.prose(), "%s  1000 triplets of ImageNet classes, to be filled with your pictures: akin sets fill --help\n", compose.ImageNetRelated)
}
