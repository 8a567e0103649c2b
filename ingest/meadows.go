package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/vectors"
)

// meadowsVectors are the matrices of a file _1D.mat: stimuli and rdmutv of one person,
// or stimuli_able_fly and rdmutv_able_fly of each. Values are dissimilarities, the
// upper triangle row by row. Nil where the file has another shape.
func meadowsVectors(file string, contents []vectors.Content) (list []personMatrix) {
	byName := map[string]vectors.Content{}
	for _, c := range contents {
		byName[c.Name] = c
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		who, is := strings.CutPrefix(name, "rdmutv")
		c, stimuliOf := byName[name], byName["stimuli"+who]
		if !is || c.Number == nil || stimuliOf.Text == nil {
			continue
		}
		count := 1
		for _, side := range c.Shape {
			count *= side
		}
		person := personOf(file)
		if who != "" {
			person = strings.ReplaceAll(strings.TrimPrefix(who, "_"), "_", "-")
		}
		list = append(list, personMatrix{person: person, at: stimuli.Place{File: file}, names: stimuliOf.Text, count: count, value: c.Decimal, known: true})
	}
	return list
}

var errNoTree = errors.New("has no tasks of Meadows: neither tasks, nor stimuli and rdm, nor persons with these")

// meadowsTask is one task of one person in a file _tree.json.
type meadowsTask struct {
	Task struct {
		Name string `json:"name"`
		Type string `json:"task_type"`
	} `json:"task"`
	Stimuli []struct {
		Name string `json:"name"`
	} `json:"stimuli"`
	RDM []json.RawMessage `json:"rdm"`
}

// meadowsTree reads the matrices of a file _tree.json: a person's tasks, one task of
// a person, or several persons by their names. Of several tasks with a matrix task
// names one.
func meadowsTree(file, task string, data []byte) ([]personMatrix, error) {
	var root struct {
		Tasks []meadowsTask `json:"tasks"`
		meadowsTask
	}
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, errNoTree
	}
	if root.Tasks == nil && root.Stimuli != nil {
		root.Tasks = []meadowsTask{root.meadowsTask}
	}
	if root.Tasks != nil {
		m, err := meadowsMatrix(file, personOf(file), task, root.Tasks)
		return []personMatrix{m}, err
	}
	var people map[string]struct {
		Tasks []meadowsTask `json:"tasks"`
		meadowsTask
	}
	if err := json.Unmarshal(data, &people); err != nil {
		return nil, errNoTree
	}
	var list []personMatrix
	for _, person := range slices.Sorted(maps.Keys(people)) {
		tasks := people[person].Tasks
		if tasks == nil {
			tasks = []meadowsTask{people[person].meadowsTask}
		}
		m, err := meadowsMatrix(file, person, task, tasks)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", person, err)
		}
		list = append(list, m)
	}
	if list == nil {
		return nil, errNoTree
	}
	return list, nil
}

// meadowsMatrix is the matrix of a person's only task that has one.
func meadowsMatrix(file, person, task string, tasks []meadowsTask) (m personMatrix, err error) {
	var found []meadowsTask
	var names []string
	for _, t := range tasks {
		names = append(names, fmt.Sprintf("%q (%s)", t.Task.Name, t.Task.Type))
		if len(t.RDM) > 0 && (task == "" || t.Task.Name == task) {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return m, fmt.Errorf("has %d tasks with a matrix, rdm; say which by sheet: %s", len(found), strings.Join(names, ", "))
	}
	t := found[0]
	var values []float64
	for _, entry := range t.RDM {
		var one *float64 // null is no answer
		row := []*float64{nil}
		if json.Unmarshal(entry, &one) == nil {
			row[0] = one
		} else if err := json.Unmarshal(entry, &row); err != nil {
			return m, fmt.Errorf("has an rdm that is no list of numbers: %s", printable(string(entry)))
		}
		for _, v := range row {
			if v == nil {
				values = append(values, math.NaN())
			} else {
				values = append(values, *v)
			}
		}
	}
	m = personMatrix{person: person, at: stimuli.Place{File: file}, count: len(values), value: func(i int) float64 { return values[i] }, known: true}
	m.square = len(values) == len(t.Stimuli)*len(t.Stimuli)
	for _, s := range t.Stimuli {
		m.names = append(m.names, s.Name)
	}
	return m, nil
}
