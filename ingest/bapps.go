package ingest

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/vectors"
)

// readBAPPS reads pictures in the folders ref, p0 and p1 and people's judgements in
// judge: of each triplet a .npy of one number, the share that finds p1 closer to ref.
// It is false where the source has none.
func (r *reader) readBAPPS() bool {
	var files []string
	for _, pattern := range []string{"judge/*.npy", "*/judge/*.npy", "*/*/judge/*.npy"} {
		found, _ := fs.Glob(r.source, pattern)
		files = append(files, found...)
	}
	if len(files) == 0 {
		return false
	}
	r.note("the source has the form: BAPPS, %d judgements", len(files))
	t := &r.mapping.Triplets
	r.mapping.Task = string(r.taskOr(stimuli.Votes))
	t.Target, t.Left, t.Right, t.RightVotes = "ref", "p0", "p1", "judge"
	s := &sheet{file: "judge", header: []string{"part", "ref", "p0", "p1", "judge"}}
	for _, file := range files {
		share, err := shareOf(r.source, file)
		if err != nil {
			r.problems.add(stimuli.Place{File: file}, "cannot be read: %v", err)
			continue
		}
		folder, stem := path.Dir(path.Dir(file)), strings.TrimSuffix(path.Base(file), ".npy")
		cells := []string{path.Base(folder)}
		for _, role := range []string{"ref", "p0", "p1"} {
			cells = append(cells, path.Join(folder, role, stem))
		}
		s.rows = append(s.rows, record{file: file, cells: append(cells, decimal(share))})
	}
	r.previewSheet("judgements", s, t.columns())
	if t.Votes == "" {
		r.askVotes(s)
		return true
	}
	ids := map[string]stimuli.Place{}
	r.tags = []string{"part"}
	for i, row := range s.rows {
		if r.mapping.task() == stimuli.Votes {
			r.addVotes(s, row, reading{})
		} else {
			r.tripletsOf(s, row, strconv.Itoa(i+1), reading{}, ids)
		}
	}
	r.noteRows()
	return true
}

// taskOr is the task that the mapping says, or another one.
func (r *reader) taskOr(task stimuli.Task) stimuli.Task {
	if r.mapping.Task != "" {
		return stimuli.Task(r.mapping.Task)
	}
	return task
}

func shareOf(source fs.FS, file string) (float64, error) {
	data, err := regular.Read(source, file, maxTable)
	if err != nil {
		return 0, err
	}
	contents, err := vectors.Contents(".npy", data)
	if err != nil {
		return 0, err
	}
	if c := contents[0]; c.Number != nil && !slices.ContainsFunc(c.Shape, func(side int) bool { return side != 1 }) {
		return c.Decimal(0), nil
	}
	return 0, errOneNumber
}

// askVotes asks how many people stand behind shares, with the least number of which
// they can be shares.
func (r *reader) askVotes(s *sheet) {
	const most = 100
	for n := 1; n <= most; n++ {
		whole := !slices.ContainsFunc(s.rows, func(row record) bool {
			v, err := strconv.ParseFloat(s.cell(row, "judge"), 64)
			return err != nil || !nearlyWhole(v*float64(n))
		})
		if whole {
			r.problems.add(stimuli.Place{File: s.file}, "has shares of votes; say of how many, of %d at least: votes = \"%[1]d\"", n)
			return
		}
	}
	r.problems.add(stimuli.Place{File: s.file}, "has shares of votes; say of how many: votes = \"5\"")
}
