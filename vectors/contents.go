package vectors

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/npy"
)

// Content is one array of a file: numbers or text.
type Content struct {
	Name  string // empty in a .npy, which holds one; NAME.FIELD within a structure of a .mat
	Shape []int
	Text  []string // in the order of rows; a row of characters of a .mat is one text

	Number func(i int) float64 // in the order of rows; nil where there are none
	Single bool                // numbers are of single precision
}

// Decimal is Number for readers: of single precision the value of the shortest decimal
// that it is the nearest number to, .8 and not .800000011920929.
func (c Content) Decimal(i int) float64 {
	v := c.Number(i)
	if !c.Single || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64)
	return short
}

// Field reports whether the array stands within a structure.
func (c Content) Field() bool { return strings.Contains(c.Name, ".") }

// Contents are the arrays of a .npy, .npz or .mat, by its ending. Of a .mat what is
// neither a full array of real numbers nor text has neither Number nor Text.
func Contents(ending string, data []byte) (list []Content, err error) {
	switch ending {
	case ".npy":
		n, err := npy.Parse(data)
		if err != nil {
			return nil, err
		}
		return []Content{contentOf("", n)}, nil
	case ".npz":
		return archiveContents(data)
	case ".mat":
		return matlabContents(data)
	}
	return nil, fmt.Errorf("%s is no ending of a file of arrays", ending)
}

func contentOf(name string, n *npy.Array) Content {
	c, place := Content{Name: name, Shape: n.Shape}, func(i int) int { return i }
	if n.Columns {
		place = func(i int) int { return columnPlace(n.Shape, i) }
	}
	if !n.Text() {
		read := n.Numbers()
		c.Number = func(i int) float64 { return read(place(i)) }
		c.Single = strings.HasSuffix(n.Kind, "f4")
		return c
	}
	text := n.Strings()
	c.Text = make([]string, len(text))
	for i := range c.Text {
		c.Text[i] = text[place(i)]
	}
	return c
}

func archiveContents(data []byte) (list []Content, err error) {
	entries, err := npzEntries(data)
	for _, e := range entries {
		list = append(list, contentOf(e.name, e.Array))
	}
	return list, err
}

// matlabContents reads files of MATLAB 5 to 7.3.
func matlabContents(data []byte) ([]Content, error) {
	if bytes.HasPrefix(data, []byte("MATLAB 7.3")) {
		return mat73Contents(data)
	}
	return mat5Contents(data)
}
