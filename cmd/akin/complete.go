package main

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/quantise"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

// candidates are what a word of the command line may be completed to; args are the
// words before it, typed is its beginning. What fails gives none: a shell has no
// place for errors while someone types. Files come beside them from the shell.
type candidates func(cmd *cobra.Command, args []string, typed string) []string

// addCompletion gives every command below root the completion of its arguments,
// which its usage names, and of its flags.
func addCompletion(root *cobra.Command) {
	arguments := map[string]candidates{
		"RUN": runs, "SET": sets, "MODEL": models, "NAME": published, compose.ImageNetRelated: oneOf(compose.ImageNetRelated),
	}
	flags := map[string]candidates{
		"model": models, "layer": layers, "similarity": oneOf(strings.Split(match.MeasureNames(), ", ")...),
		"pooling": oneOf(model.Poolings()...), "layers": oneOf(string(model.EveryBlock), string(model.AllLayers)), "precision": oneOf(quantise.Int8), "provider": oneOf(model.Providers()...),
		"recipe": oneOf(strings.Split(recipeNames(), ", ")...), "space": oneOf(strings.Split(space.KindNames(), ", ")...), "a": modelsOfRun, "b": modelsOfRun, "baseline": modelsOfRun,
	}
	if usage := strings.Fields(root.Use); len(usage) > 1 {
		argument := strings.Trim(usage[1], "[].")
		root.ValidArgsFunction = completed(arguments[argument], strings.Contains(usage[1], "..."))
	}
	for name, give := range flags {
		if root.LocalNonPersistentFlags().Lookup(name) != nil {
			_ = root.RegisterFlagCompletionFunc(name, completed(give, true)) // fails only for a flag that is not there
		}
	}
	for _, child := range root.Commands() {
		addCompletion(child)
	}
}

// completed is cobra's form of candidates; many tells whether more arguments than
// one are of the kind.
func completed(give candidates, many bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if give == nil || len(args) > 0 && !many {
			return nil, cobra.ShellCompDirectiveDefault
		}
		list := slices.DeleteFunc(give(cmd, args, typed), func(word string) bool { return !strings.HasPrefix(word, typed) })
		return list, cobra.ShellCompDirectiveDefault
	}
}

func oneOf(list ...string) candidates {
	return func(*cobra.Command, []string, string) []string { return slices.Clone(list) }
}

func sets(*cobra.Command, []string, string) []string { return stimuli.EmbeddedNames() }

// runs are folders that hold a run: those of the beginning that is typed, and of
// folder runs, where runs are written by default.
func runs(_ *cobra.Command, _ []string, typed string) []string {
	var list []string
	for _, pattern := range []string{typed + "*", filepath.Join("runs", "*")} {
		found, _ := filepath.Glob(filepath.Join(pattern, record.RunFile))
		for _, file := range found {
			list = append(list, filepath.Dir(file))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// models are those that need no file's path: inside akin, pulled, or to pull.
func models(*cobra.Command, []string, string) []string {
	return listed(func(modelLine) bool { return true })
}

func published(*cobra.Command, []string, string) []string {
	return listed(func(l modelLine) bool { return l.Where == whereToPull })
}

func listed(wanted func(modelLine) bool) []string {
	home, err := akin.DefaultHome() // completion runs before any command has looked for it
	if err != nil {
		return nil
	}
	lines, err := (&console{home: home}).modelLines()
	if err != nil {
		return nil
	}
	var names []string
	for _, l := range lines {
		if wanted(l) {
			names = append(names, cobra.CompletionWithDesc(l.Name, cmp.Or(l.Title, l.Where)))
		}
	}
	return names
}

// layers are those of the networks that --model names, of several as MODEL@NODE.
func layers(cmd *cobra.Command, _ []string, _ string) []string {
	home, err := akin.DefaultHome()
	if err != nil {
		return nil
	}
	names, err := cmd.Flags().GetStringArray("model")
	if err != nil {
		name, _ := cmd.Flags().GetString("model")
		names = []string{name}
	}
	slices.Sort(names)
	names = slices.Compact(names) // cobra gives each twice
	var list []string
	for _, name := range names {
		found, err := (&console{home: home}).layerLines(name)
		if err != nil {
			continue
		}
		for _, l := range found {
			if len(names) > 1 {
				l.Name = name + "@" + l.Name
			}
			list = append(list, l.Name)
		}
	}
	return list
}

// modelsOfRun are those of the run that the command is about.
func modelsOfRun(_ *cobra.Command, args []string, _ string) []string {
	if len(args) == 0 {
		return nil
	}
	run, err := record.Load(args[0])
	if err != nil {
		return nil
	}
	names := make([]string, len(run.Models))
	for i, m := range run.Models {
		names[i] = m.Name
	}
	return names
}
