// Package imagenet measures how well networks classify labelled pictures, and
// whether that agrees with what was published of them: a network that was read
// or preprocessed wrongly is found here before its matching error is believed.
package imagenet

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// classesCSV lists the 1,000 classes of ILSVRC 2012 in the order of their
// WordNet ids, which is the order of the logits of all networks trained on it.
// Names: WordNet 3.0, (c) Princeton University, under the WordNet licence.
//
//go:embed classes.csv
var classesCSV string

// Class is one class of ImageNet.
type Class struct {
	WNID  string // WordNet id, such as n01440764
	Names string // synonyms, separated by commas
}

// Classes returns the 1,000 classes, by index.
var Classes = sync.OnceValue(func() []Class {
	rows, err := csv.NewReader(strings.NewReader(classesCSV)).ReadAll()
	if err != nil {
		panic(err) // embedded and tested
	}
	classes := make([]Class, len(rows)-1)
	for i, row := range rows[1:] {
		classes[i] = Class{WNID: row[1], Names: row[2]}
	}
	return classes
})

// WNIDs returns the ids of the 1,000 classes, by index.
func WNIDs() []string {
	ids := make([]string, len(Classes()))
	for i, c := range Classes() {
		ids[i] = c.WNID
	}
	return ids
}

// Labelled is a picture whose class is known.
type Labelled struct {
	Path string
	WNID string
}

var wnidPattern = regexp.MustCompile(`^n\d{8}$`)

// pictureEndings are the files that a folder by class is searched for.
var pictureEndings = []string{".jpeg", ".jpg", ".png", ".webp", ".gif", ".bmp"}

// ReadLabels finds the labelled pictures of a folder: as labels.csv lists them
// (columns path and wnid, or path and class, an index into the 1,000), or in
// folders named by WordNet id. Order is the file's, or by name.
func ReadLabels(folder fs.FS) ([]Labelled, error) {
	if data, err := fs.ReadFile(folder, "labels.csv"); err == nil {
		return readLabelsCSV(string(data))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return readFolders(folder)
}

func readLabelsCSV(text string) ([]Labelled, error) {
	const file = "labels.csv"
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	pathColumn, wnidColumn, classColumn := slices.Index(header, "path"), slices.Index(header, "wnid"), slices.Index(header, "class")
	if pathColumn < 0 || wnidColumn < 0 && classColumn < 0 {
		return nil, fmt.Errorf("%s:1: needs the columns path and wnid (or class, 0 to 999); the header has %s", file, strings.Join(header, ", "))
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var labels []Labelled
	var faults []error
	for i, row := range rows {
		wnid := ""
		if wnidColumn >= 0 {
			wnid = row[wnidColumn]
		} else if class, err := strconv.Atoi(row[classColumn]); err == nil && class >= 0 && class < len(Classes()) {
			wnid = Classes()[class].WNID
		}
		if !wnidPattern.MatchString(wnid) {
			faults = append(faults, fmt.Errorf("%s:%d: %q names no class; use a WordNet id such as n01440764", file, i+2, strings.Join(row, ",")))
			continue
		}
		labels = append(labels, Labelled{Path: row[pathColumn], WNID: wnid})
	}
	if len(labels) == 0 && len(faults) == 0 {
		return nil, fmt.Errorf("%s: lists no picture", file)
	}
	return labels, errors.Join(faults...)
}

func readFolders(folder fs.FS) ([]Labelled, error) {
	var labels []Labelled
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		wnid := path.Base(path.Dir(name))
		if d.Type().IsRegular() && wnidPattern.MatchString(wnid) && slices.Contains(pictureEndings, strings.ToLower(path.Ext(name))) {
			labels = append(labels, Labelled{Path: name, WNID: wnid})
		}
		return nil
	})
	if err == nil && len(labels) == 0 {
		err = errors.New("no labelled pictures: neither labels.csv nor folders named by WordNet id, such as n01440764, with pictures in them")
	}
	return labels, err
}
