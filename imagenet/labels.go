// Package imagenet holds the 1,000 classes of ImageNet, reads labelled pictures,
// and relates classes in the hierarchy above them.
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

// WNIDs returns the ids of the 1,000 classes, by index. They must not be modified.
var WNIDs = sync.OnceValue(func() []string {
	ids := make([]string, len(Classes()))
	for i, c := range Classes() {
		ids[i] = c.WNID
	}
	return ids
})

// Labelled is a picture whose class is known.
type Labelled struct {
	Path string
	WNID string
}

// What a caller can mend where labels cannot be read.
var (
	ErrNoClass    = errors.New("names no class: neither a WordNet id, such as n01440764, nor one of the network's own classes")
	ErrUnlabelled = errors.New("no labelled pictures: neither labels.csv nor folders named by WordNet id, such as n01440764, with pictures in them")
)

var wnidPattern = regexp.MustCompile(`^n\d{8}$`)

// pictureEndings are the files that a folder by class is searched for.
var pictureEndings = []string{".jpeg", ".jpg", ".png", ".webp", ".gif", ".bmp"}

// ReadLabels finds the labelled pictures of a folder: as labels.csv lists them
// (columns path and wnid, or path and class, an index into the 1,000), as Tiny
// ImageNet's val_annotations.txt lists those in images, or in folders named by
// class. Order is the file's, or by name. A class is a WordNet id, or any of
// ids, those of a network with another label set.
func ReadLabels(folder fs.FS, ids ...string) ([]Labelled, error) {
	own := make(map[string]bool, len(ids))
	for _, id := range ids {
		own[id] = true
	}
	isClass := func(id string) bool { return own[id] || wnidPattern.MatchString(id) }
	for _, list := range []struct {
		file string
		read func(text string, isClass func(string) bool) ([]Labelled, error)
	}{{"labels.csv", readLabelsCSV}, {"val_annotations.txt", readAnnotations}} {
		data, err := fs.ReadFile(folder, list.file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		labels, err := list.read(string(data), isClass)
		if len(labels) == 0 && err == nil {
			err = fmt.Errorf("%s: lists no picture", list.file)
		}
		return labels, err
	}
	return readFolders(folder, isClass)
}

func readLabelsCSV(text string, isClass func(string) bool) ([]Labelled, error) {
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
		wnid := row[max(wnidColumn, 0)]
		if wnidColumn < 0 {
			wnid = row[classColumn]
			if class, err := strconv.Atoi(wnid); err == nil && class >= 0 && class < len(Classes()) && !isClass(wnid) {
				wnid = Classes()[class].WNID
			}
		}
		if !isClass(wnid) {
			faults = append(faults, fmt.Errorf("%s:%d: %q %w", file, i+2, strings.Join(row, ","), ErrNoClass))
			continue
		}
		labels = append(labels, Labelled{Path: row[pathColumn], WNID: wnid})
	}
	return labels, tenOf(faults)
}

// readAnnotations reads: file, class and four corners of a box, a line each.
func readAnnotations(text string, isClass func(string) bool) ([]Labelled, error) {
	const file = "val_annotations.txt"
	var labels []Labelled
	var faults []error
	number := 0
	for line := range strings.Lines(text) {
		number++
		switch cells := strings.Fields(line); {
		case len(cells) == 0:
		case len(cells) < 2 || !isClass(cells[1]):
			faults = append(faults, fmt.Errorf("%s:%d: %q is not a picture's name and its class", file, number, strings.TrimSpace(line)))
		default:
			labels = append(labels, Labelled{Path: path.Join("images", cells[0]), WNID: cells[1]})
		}
	}
	return labels, tenOf(faults)
}

// readFolders labels each picture by the nearest folder around it that is named
// as a class.
func readFolders(folder fs.FS, isClass func(string) bool) ([]Labelled, error) {
	var labels []Labelled
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !slices.Contains(pictureEndings, strings.ToLower(path.Ext(name))) {
			return err
		}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if id := path.Base(dir); isClass(id) {
				labels = append(labels, Labelled{Path: name, WNID: id})
				break
			}
		}
		return nil
	})
	if err == nil && len(labels) == 0 {
		err = ErrUnlabelled
	}
	return labels, err
}
