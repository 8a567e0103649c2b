package imagenet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Numberings of the classes in a list of ground truth.
const (
	FromZero = "zero"   // 0 to 999 in the order of WordNet ids, as Caffe's val.txt
	FromOne  = "one"    // 1 to 1000 in that order
	DevKit   = "devkit" // 1 to 1000 as ILSVRC2012_ID; not in the order of WordNet ids
)

// ErrNumbering says that a list holds class numbers, and not by which numbering.
var ErrNumbering = errors.New("the class is a number, and its numbering was not given")

// validationName is a picture of the flat validation folder; its number is the
// line of the lists of ground truth.
var validationName = regexp.MustCompile(`^ILSVRC2012_val_(\d{8})\.(?i:jpe?g)$`)

// ValidationNumber is the number in the name of a validation picture, from 1.
func ValidationNumber(name string) (int, bool) {
	m := validationName.FindStringSubmatch(path.Base(name))
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil && n > 0
}

// ReadGroundTruth labels the pictures of a flat folder, ILSVRC2012_val_00000001.JPEG
// and so on, by a list with one line for each of the 50,000: a class number, a
// WordNet id, or a file name and one of these. numbering says what a number
// means and may be empty for WordNet ids; synsets is the development kit's
// order, a WordNet id a line, needed for DevKit only.
func ReadGroundTruth(folder fs.FS, list io.Reader, numbering string, synsets []string) ([]Labelled, error) {
	text, err := io.ReadAll(list)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimRight(string(text), "\r\n \t"), "\n")
	truth := make([]string, len(lines))
	var faults []error
	for i, line := range lines {
		if truth[i], err = classOf(line, numbering, synsets); err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", i+1, err))
		}
	}
	if len(faults) > 0 {
		return nil, tenOf(faults)
	}
	return labelByNumber(folder, truth)
}

func classOf(line, numbering string, synsets []string) (string, error) {
	words := strings.Fields(line)
	if len(words) == 0 || len(words) > 2 {
		return "", fmt.Errorf("%q is neither a class nor a file name and a class", line)
	}
	word := words[len(words)-1]
	if wnidPattern.MatchString(word) {
		return word, nil
	}
	n, err := strconv.Atoi(word)
	if err != nil {
		return "", fmt.Errorf("%q is neither a class number nor a WordNet id such as n01440764", word)
	}
	order := WNIDs()
	switch numbering {
	case FromZero:
	case FromOne:
		n--
	case DevKit:
		order = synsets
		n--
	default:
		return "", ErrNumbering
	}
	if n < 0 || n >= len(order) {
		return "", fmt.Errorf("class number %s is none of numbering %q, which has %d", word, numbering, len(order))
	}
	return order[n], nil
}

func labelByNumber(folder fs.FS, truth []string) ([]Labelled, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, err
	}
	var labels []Labelled
	for _, e := range entries {
		n, ok := ValidationNumber(e.Name())
		if !ok {
			continue
		}
		if n > len(truth) {
			return nil, fmt.Errorf("%s has no line in the ground truth, which has %d", e.Name(), len(truth))
		}
		labels = append(labels, Labelled{Path: e.Name(), WNID: truth[n-1]})
	}
	if len(labels) == 0 {
		return nil, errors.New("the folder holds no picture named as ILSVRC2012_val_00000001.JPEG, which the list of ground truth numbers")
	}
	return labels, nil
}

// ReadReaL reads the reassessed labels of the validation pictures (Beyer et al.
// 2020): a JSON list with, for each picture by number, a list of class indices
// in the order of WordNet ids, empty where no label was found right.
func ReadReaL(r io.Reader) ([][]int, error) {
	var labels [][]int
	if err := json.NewDecoder(r).Decode(&labels); err != nil {
		return nil, fmt.Errorf("ReaL labels: want a JSON list of lists of class indices: %w", err)
	}
	for i, classes := range labels {
		if slices.ContainsFunc(classes, func(c int) bool { return c < 0 || c >= len(Classes()) }) {
			return nil, fmt.Errorf("ReaL labels: picture %d has a class outside 0 to 999: %v", i+1, classes)
		}
	}
	return labels, nil
}
