package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/web"
	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/convert"
	"github.com/akin-vision/akin/export"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/paper"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/serve"
	"github.com/akin-vision/akin/setup"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/vectors"
	"github.com/akin-vision/akin/zoo"
)

// hintFor says what to do about an error, or nothing.
func hintFor(err error) string {
	for _, hint := range slices.Concat(clusterHints, hints) {
		if text := hint(err); text != "" {
			return text
		}
	}
	return ""
}

// hints turn the library's errors into advice for the command line. The first
// that knows an error answers.
var hints = []func(error) string{
	on(func(e gateError) string { return e.hint }),
	on(func(e unplacedError) string {
		if columns := columnFlags(e.problems); columns != "" {
			return "say which columns are meant: " + columns
		}
		return "mend the places above or the mapping, answer what is asked with --answer KEY=VALUE, --ignore pictures that do not belong, or write the rest with --partial"
	}),

	// The machine.
	is(model.ErrNoLibrary, `run "akin setup", which fetches it; or give --onnxruntime PATH`),
	is(setup.ErrNoNPM, "install Node.js, or fetch the files elsewhere and give both --onnxruntime PATH and --pictures DIR"),
	is(syscall.ENOSPC, "the disk is full; nothing kept was harmed. Free some space (akin features gc), or set AKIN_CACHE to a folder on another disk, and run the same command again"),
	on(func(*setup.MissingPictures) string {
		return `run "akin setup", which fetches them; or "akin setup --pictures DIR"`
	}),
	on(func(*model.ProviderError) string {
		return "leave --provider out to use the CPU, or name a build of ONNX Runtime that has the provider with --onnxruntime PATH"
	}),
	on(func(publicError) string {
		return "give a loopback address such as 127.0.0.1:8080 and put a web server with TLS in front of it (--url), or let other machines in with --public"
	}),
	on(func(*serve.RemoteError) string {
		return "give a loopback address such as 127.0.0.1:8080, or --remote to let other machines in, without a password"
	}),

	// Sets.
	on(func(e *akin.NoSetError) string {
		if e.Name == compose.ImageNetRelated {
			return fmt.Sprintf("it needs your ImageNet pictures: akin sets fill %s --pictures DIR --out %[1]s", e.Name)
		}
		if near := english.Meant(filepath.Base(e.Name), setsNear(e.Name)); near != "" {
			return "did you mean " + filepath.Join(filepath.Dir(e.Name), near) + "?"
		}
		return "akin sets list shows akin's own sets"
	}),
	on(func(e *akin.SetError) string {
		var problems stimuli.Problems
		if !errors.As(e, &problems) {
			return ""
		}
		if columns := columnFlags(problems); columns != "" {
			return fmt.Sprintf("akin sets import %s --triplets triplets.csv %s --out NEW makes a set of such a table", e.Set, columns)
		}
		if slices.ContainsFunc(problems, func(p stimuli.Problem) bool { return p.Column == "target" }) {
			return fmt.Sprintf("akin sets import %s --triplets triplets.csv --column target=NAME --column related=NAME --column unrelated=NAME --out NEW makes a set of a table with other columns", e.Set)
		}
		return fmt.Sprintf("mend these places; \"akin sets validate %s\" checks again, pictures included", e.Set)
	}),
	on(func(e *stimuli.TaskError) string {
		return fmt.Sprintf("akin run evaluates models on sets of the task %q, and akin compare, report, paper and serve take their records; docs/tasks.md says more", e.Task)
	}),
	on(func(*judged.TripletsOnlyError) string { return "leave the flag out" }),
	on(func(*judged.UnlikeError) string {
		return "run the models on one set with the same --similarity; akin serve shows runs on different sets"
	}),
	on(func(*compose.NothingError) string {
		return "give more labels, more norms, or a higher --max-uses; compose needs labels that belong together and others that do not"
	}),

	// Studies.
	on(func(e *noStudyFolderError) string {
		return fmt.Sprintf("give a file for the study, --study %s-study/study.toml, and a folder for what is exported, --out DIR", e.set)
	}),
	on(func(e *noStudyError) string { return fmt.Sprintf("run akin collect init %s", e.set) }),
	on(func(*studyError) string {
		return "mend these places; akin collect init --help says what a study may hold"
	}),
	on(func(*collect.OtherStudyError) string {
		return "name another database with --db, or take back what changed in the set or the study's file"
	}),
	on(func(*store.FormError) string {
		return "name another database with --db, or use the akin that made this one"
	}),
	on(func(*store.ConsentError) string { return "raise consent.version in the study's file" }),
	on(func(*collect.ForeignFileError) string {
		return "keep it under another name, write into a copy of the set with --out DIR, or replace it with --replace"
	}),
	on(func(*collect.RangeError) string {
		return "change rating_min and rating_max in set.toml, or write into another set"
	}),
	is(web.ErrNotBuilt, "build akin with make, which fetches jsPsych through npm"),
	is(store.ErrUnknown, "akin collect status SET --people lists who is in the database"),

	// Models.
	on(func(e *zoo.UnknownModelError) string {
		if source, name, _ := strings.Cut(e.Name, ":"); name != "" && slices.Contains(export.Sources(), source) {
			return fmt.Sprintf("\"akin models export %s\" brings it; then give the .onnx that it writes", e.Name)
		}
		return "akin models list shows what can be pulled"
	}),
	on(func(e *zoo.WeightsError) string {
		return fmt.Sprintf("akin models convert %s makes one, with its card; then give that", e.File)
	}),
	on(func(e *unfetchedError) string {
		name := e.entries[0].Name
		return fmt.Sprintf("give --yes to fetch now, or run \"akin models pull %s\"", name)
	}),
	on(func(e *zoo.NotPulledError) string {
		if e.Entry.URL == "" {
			return byHand(e.Entry)
		}
		return fmt.Sprintf("run \"akin models pull %s\"", e.Entry.Name)
	}),
	on(func(e *zoo.DownloadError) string { return byHand(e.Entry) }),
	on(func(*zoo.ExistsError) string {
		return "choose another output with -o, or replace it and its card with --force"
	}),
	on(func(e *model.CardError) string {
		return fmt.Sprintf("write %s with at least name = \"...\" and a [recipe]; \"akin models show small-mobilenet --card\" prints one to start from", e.Card)
	}),
	on(func(e *vectors.NamesNeededError) string {
		return fmt.Sprintf("name the rows: --features NAME=%s,NAMES with a file of one name a line, or a .csv", e.File)
	}),
	on(func(e *akin.FeaturesError) string {
		var problems vectors.Problems
		if !errors.As(e, &problems) {
			return ""
		}
		return "each picture of the set needs one row of its own, found by path, file name or name without ending"
	}),
	on(func(*model.LayoutError) string {
		return `name the layer's axes with the pooling, as --pooling avg:NHWC or cls:NTC (N pictures, C channels, H W T places), or take every value with --pooling flatten; "akin models layers MODEL" shows what the graph tells`
	}),
	on(func(e *model.CompanyError) string { return evaluationMode(!e.Chance) }),
	on(func(e *onnx.UnsteadyError) string { return evaluationMode(e.Company) }),
	on(func(*convert.AmbiguousError) string { return "choose one with --entry NAME" }),
	is(onnx.ErrLFS, `fetch the file itself, in its repository, with "git lfs pull"`),
	is(extract.ErrReplaced, "leave the pictures alone while akin reads them, and run the same command again"),
	on(func(e *model.HashError) string {
		return fmt.Sprintf("if the card describes this file, which was made anew: akin models card %s --rehash", e.File)
	}),
	on(func(*export.ScriptError) string {
		return "the lines above say why; --python names another interpreter, --script prints the script for another machine"
	}),
	on(func(e *export.UntranslatableError) string {
		return "write the card by hand only if you know a recipe that gives the same pixels; docs/card.md lists what recipes can say"
	}),
	on(func(*export.LengthError) string {
		return "name the outputs in the card as the export wrote them, or let akin models card FILE --force write the card anew"
	}),
	on(func(*export.SizeError) string {
		return "choose the recipe with which the network was trained: --recipe, or [recipe] in the card"
	}),
	on(func(*akin.LayerError) string {
		return "name a network with --model; akin models layers lists the layers of one"
	}),

	// Runs.
	on(func(e *record.OutdatedError) string {
		return fmt.Sprintf("\"akin report %s\" computes them from the record", e.Dir)
	}),
	on(func(*board.MixedError) string {
		return "show them in tables of their own, or run all models again on one set with the same settings"
	}),
	on(func(e *notThereError) string { return runsNear(e.name) }),
	on(func(e *record.NoRunError) string { return runsNear(e.Dir) }),
	on(func(e *record.NoModelError) string {
		return "run it on the set first, with akin run --out " + e.Dir
	}),
	on(func(*paper.SimilarityError) string { return "run akin run without --similarity" }),
	on(func(*record.ChangedError) string {
		return "a record is evidence: akin run into the same folder makes it anew from the cache; keep your own changes in files of other names"
	}),

	// Classifiers.
	is(classify.ErrNotEvaluated, "run akin imagenet eval MODEL... --images DIR on them first"),
	is(classify.ErrNoSynsets, "give it with --synsets FILE, one WordNet id a line (its meta.mat holds it)"),
	is(imagenet.ErrNoClass, "list the network's own classes, an id a line, with --classes FILE"),
	is(imagenet.ErrUnlabelled, "a flat validation folder needs the list of its classes: --truth FILE"),
	is(imagenet.ErrNumbering, "say which with --numbering: zero (0 to 999, WordNet ids sorted), one (1 to 1000, the same order) or devkit (the development kit's ILSVRC2012_ID, with --synsets)"),
	on(func(*classify.ForeignLabelsError) string {
		return "compare the labels with the network's classes; --classes FILE lists them, or its card"
	}),
	on(func(e *classify.OutputsError) string { return listClasses(e.Background()) }),
	on(func(e *classify.UnknownClassesError) string { return listClasses(e.Background()) }),
	on(func(*classify.UnrelatedError) string {
		return "inside akin is only the hierarchy of ImageNet's 1,000 classes; give another with --hierarchy"
	}),
	on(func(e *classify.KeptError) string {
		if e.What == "check" {
			return "run akin models check again"
		}
		return "run akin imagenet eval again"
	}),

	// What any file may do.
	is(fs.ErrPermission, "check the folder's permissions, or set AKIN_CACHE to a folder you may write"),
}

// columnFlags are the flags of sets import that name the columns which probably are
// those that a table lacks; empty where none is known.
func columnFlags(problems stimuli.Problems) string {
	var flags []string
	for _, p := range problems {
		if p.Meant != "" {
			flags = append(flags, fmt.Sprintf("--column '%s=%s'", p.Column, p.Meant))
		}
	}
	return strings.Join(flags, " ")
}

// on gives advice about the errors of one type.
func on[E error](advice func(E) string) func(error) string {
	return func(err error) string {
		var e E
		if !errors.As(err, &e) {
			return ""
		}
		return advice(e)
	}
}

// is gives advice about one error.
func is(target error, advice string) func(error) string {
	return func(err error) string {
		if !errors.Is(err, target) {
			return ""
		}
		return advice
	}
}

// evaluationMode says how a network comes to one vector for each picture; company is
// whether one alone in its batch has one already.
func evaluationMode(company bool) string {
	advice := "export the network in evaluation mode (in PyTorch: model.eval() before torch.onnx.export)"
	if company {
		advice += "; or give each picture an inference of its own with --batch 1"
	}
	return advice
}

// byHand says how to get a published file where akin cannot download it.
func byHand(e zoo.Entry) string {
	give := fmt.Sprintf("akin models pull %s --from FILE", e.Name)
	page := cmp.Or(e.URL, e.Source)
	if !strings.HasPrefix(page, "https://") {
		return fmt.Sprintf("if you have its file, %s, run %q", e.File, give)
	}
	return fmt.Sprintf("fetch the file from %s, on any machine, then run %q", page, give)
}

// listClasses says how to tell what a network's outputs stand for.
func listClasses(background bool) string {
	list := "list the classes by output, an id a line, with --classes FILE, or in the card: [classes] wnids = [...]"
	if background {
		return "if the first is a background class, say --offset 1 (or [classes] offset = 1 in the card), else " + list
	}
	return list
}

// mostNear is how many runs a hint names.
const mostNear = 5

// setsNear are the names of sets beside one that is not there, and of akin's own.
func setsNear(name string) []string {
	var near []string
	if filepath.Base(name) == name {
		near = stimuli.EmbeddedNames()
	}
	entries, _ := regular.ReadDir(filepath.Dir(name)) // in a folder that is not there none is near
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(filepath.Dir(name), e.Name(), "set.toml")); err == nil {
			near = append(near, e.Name())
		}
	}
	return near
}

// runsNear names the runs in a folder that is none itself, or else beside it: a run is
// called after its set, which may have another name than the folder of the set.
func runsNear(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "*", record.RunFile)) // fails for a name with [, near which none is named
	if len(found) == 0 {
		found, _ = filepath.Glob(filepath.Join(filepath.Dir(dir), "*", record.RunFile))
	}
	if len(found) == 0 {
		return "make one with akin run --out " + dir
	}
	var near []string
	for _, file := range found[:min(len(found), mostNear)] {
		near = append(near, filepath.Dir(file))
	}
	if len(near) == 1 {
		return "a run is in " + near[0]
	}
	return "runs are in " + strings.Join(near, ", ")
}
