package main

import (
	"errors"
	"fmt"

	"github.com/akin-vision/akin/audit"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

// validation is what "sets validate --json" prints.
type validation struct {
	Valid     bool             `json:"valid"`
	Problems  stimuli.Problems `json:"problems"`
	Warnings  []audit.Finding  `json:"warnings"`
	Confounds []audit.Confound `json:"low_level"`
}

func (c *console) setsValidateCommand() *cobra.Command {
	var strict, all bool
	cmd := &cobra.Command{
		Use:   "validate SET",
		Short: "find every fault of a set, with file and line, and what may mislead",
		Long: fmt.Sprintf(`validate reads a set, decodes every picture, and prints all faults at once, each
with its file and line. It exits 1 if there are any.

A set without faults may still mislead. Warnings say so, and leave the exit code
0 unless --strict: pictures that stand twice or look alike (64-bit hashes of the
discrete cosine transform that differ in at most %d bits), one picture as target
and distractor, labels that disagree, relations or distractors out of balance
(exact tests), pictures of unlike size or background, and appearance that solves
the set: the matching error of pixels, colour and edges alone. Sets of other tasks
than triplets (docs/tasks.md) are checked for faults alone.`, audit.NearDistance),
		Example: `  akin sets validate my-folder
  akin sets validate my-folder --strict --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, found, err := c.inspect(cmd, args[0])
			v := validation{Valid: err == nil, Problems: stimuli.Problems{}, Warnings: []audit.Finding{}, Confounds: []audit.Confound{}}
			var problems stimuli.Problems
			if err != nil && !(c.asJSON && errors.As(err, &problems)) {
				return err
			}
			v.Problems = append(v.Problems, problems...)
			if found == nil && s != nil {
				for _, w := range s.Warnings {
					v.Warnings = append(v.Warnings, audit.Finding{Problem: w})
				}
			}
			if found != nil {
				v.Warnings, v.Confounds = append(v.Warnings, found.Findings...), found.Confounds
			}
			if c.asJSON {
				if jsonErr := c.printJSON(v); jsonErr != nil {
					return jsonErr
				}
			} else {
				c.printAudit(s, found, all)
			}
			if err == nil && strict && len(v.Warnings) > 0 {
				err = gateError{fmt.Errorf("set %s raises warnings, %d in all", s.Name, len(v.Warnings)), "mend what they name, or leave out --strict"}
			}
			return err
		},
	}
	c.jsonFlag(cmd, "print JSON")
	cmd.Flags().BoolVar(&strict, "strict", false, "exit 3 if there are warnings")
	cmd.Flags().BoolVar(&all, "all", false, fmt.Sprintf("print every warning, not only the first %d of each kind", firstOfKind))
	return cmd
}

// inspect returns a sound set and what was found about it.
func (c *console) inspect(cmd *cobra.Command, name string) (*stimuli.Set, *audit.Audit, error) {
	s, pictures, err := c.home.OpenSet(name, stimuli.Options{CheckPicture: decodable, AnyTask: true})
	if err != nil {
		return nil, nil, err
	}
	if s.Task != stimuli.Related {
		return s, nil, nil
	}
	progress := newProgress(c.err)
	defer progress.finish()
	found, err := audit.Inspect(cmd.Context(), s, pictures, audit.Options{
		Store: c.home.Features(), Progress: progress.show,
	})
	return s, found, err
}

func decodable(data []byte) error {
	_, err := imaging.Decode(data, 0)
	return err
}

// firstOfKind is how many warnings of a kind are printed without --all.
const firstOfKind = 5

func (c *console) printAudit(s *stimuli.Set, found *audit.Audit, all bool) {
	if found == nil {
		fmt.Fprintf(c.prose(), "%s: sound; %s, %s, all decodable\n", s.Name, judgements(s), english.Count(len(s.Pictures), "picture"))
		for _, w := range s.Warnings {
			fmt.Fprintf(c.prose(), "warning: %v\n", w)
		}
		return
	}
	fmt.Fprintf(c.prose(), "%s: sound; %s, %s, all decodable\n", s.Name, english.Count(len(s.Triplets), "triplet"), english.Count(len(s.Pictures), "picture"))
	fmt.Fprintln(c.prose(), "\nappearance alone:")
	for _, confound := range found.Confounds {
		fmt.Fprintf(c.prose(), "  %s\n", confound.Reading)
	}
	if len(found.Findings) == 0 {
		fmt.Fprintln(c.prose(), "\nno warnings")
		return
	}
	byKind := map[audit.Kind][]audit.Finding{}
	var order []audit.Kind
	for _, f := range found.Findings {
		if byKind[f.Kind] == nil {
			order = append(order, f.Kind)
		}
		byKind[f.Kind] = append(byKind[f.Kind], f)
	}
	fmt.Fprintf(c.prose(), "\nwarnings (%d):\n", len(found.Findings))
	for _, kind := range order {
		findings := byKind[kind]
		fmt.Fprintf(c.prose(), "  %s (%d)\n", kind, len(findings))
		for i, f := range findings {
			if i == firstOfKind && !all {
				fmt.Fprintf(c.prose(), "    and %d more; --all prints them\n", len(findings)-i)
				break
			}
			fmt.Fprintf(c.prose(), "    %v\n", f.Problem)
		}
	}
}
