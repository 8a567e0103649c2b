package wordvec

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
)

const (
	maxDim  = 4096
	maxWord = 1 << 10 // bytes
	maxLine = 1 << 20 // bytes
)

// Open reads the vectors of wanted words from a file; nil wants all. It may be
// text, a word and its numbers a line (GloVe, fastText, Numberbatch, with or
// without word2vec's header), word2vec's binary, or the JSON of
// wink-embeddings-sg; each packed by gzip or not. Of Numberbatch's /c/en/word,
// the English words are read. Of a word that stands twice the first counts.
func Open(file string, wanted func(word string) bool) (*Vectors, error) {
	f, err := regular.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hash := sha256.New()
	if filepath.Ext(file) == CutEnding {
		return openCut(file, f, wanted)
	}
	r := &reader{in: bufio.NewReaderSize(io.TeeReader(f, hash), 1<<16), wanted: wanted, found: &Vectors{words: map[string][]float32{}}}
	if err := r.read(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if _, err := io.Copy(io.Discard, r.rest); err != nil { // what is hashed is the whole file
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(r.found.words) == 0 {
		return nil, fmt.Errorf("%s: %w", file, ErrNoWords)
	}
	r.found.Source, r.found.Hash = filepath.Base(file), hex.EncodeToString(hash.Sum(nil))
	return r.found, nil
}

// openCut reads what WriteCut wrote.
func openCut(file string, f io.Reader, wanted func(string) bool) (*Vectors, error) {
	hash := sha256.New()
	v, err := readCut(io.TeeReader(f, hash))
	if err != nil {
		return nil, fmt.Errorf("%s: is cut or damaged: %w", file, err)
	}
	if wanted != nil {
		maps.DeleteFunc(v.words, func(word string, _ []float32) bool { return !wanted(word) })
	}
	v.Source, v.Hash = filepath.Base(file), hex.EncodeToString(hash.Sum(nil))
	return v, nil
}

// reader reads one file of vectors.
type reader struct {
	in     *bufio.Reader
	rest   io.Reader // of the file itself, packed or not
	wanted func(string) bool
	found  *Vectors
	dim    int // 0: not known yet
}

func (r *reader) read() error {
	r.rest = r.in
	if start, _ := r.in.Peek(2); bytes.Equal(start, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(r.in)
		if err != nil {
			return err
		}
		r.in = bufio.NewReaderSize(unpacked, 1<<16)
	}
	if start, _ := r.in.Peek(1); len(start) == 1 && start[0] == '{' {
		return r.readJSON()
	}
	head, err := r.in.Peek(64)
	if err != nil && len(head) == 0 {
		return err
	}
	words, dim, ok := header(head)
	if ok {
		line, _ := r.in.ReadString('\n')
		r.dim = dim
		if _, err := r.in.Peek(1); err != nil {
			return fmt.Errorf("holds nothing after its first line %q", strings.TrimSpace(line))
		}
		if r.isBinary() {
			return r.readBinary(words)
		}
	}
	return r.readText(words)
}

// header reads word2vec's first line: how many words, and how many numbers each.
func header(head []byte) (words, dim int, ok bool) {
	line, _, found := bytes.Cut(head, []byte("\n"))
	cells := strings.Fields(string(line))
	if !found || len(cells) != 2 {
		return 0, 0, false
	}
	words, err1 := strconv.Atoi(cells[0])
	dim, err2 := strconv.Atoi(cells[1])
	return words, dim, err1 == nil && err2 == nil && words > 0 && dim > 0 && dim <= maxDim
}

// isBinary tells floats from text: text has a number behind the first word.
func (r *reader) isBinary() bool {
	head, _ := r.in.Peek(maxWord + 64)
	line, _, whole := bytes.Cut(head, []byte("\n"))
	cells := bytes.Fields(line)
	if len(cells) < 2 {
		return true
	}
	if !whole && len(cells) > 2 {
		cells = cells[:len(cells)-1] // its end may be cut
	}
	for _, cell := range cells[1:] {
		if _, err := strconv.ParseFloat(string(cell), 32); err != nil {
			return true
		}
	}
	return false
}

// add keeps a vector of a wanted word.
func (r *reader) add(word string, vector func() ([]float32, error)) error {
	if rest, tagged := strings.CutPrefix(word, "/c/"); tagged {
		language, name, _ := strings.Cut(rest, "/")
		if language != "en" {
			return nil
		}
		word = name
	}
	word = strings.ToLower(word)
	if r.found.words[word] != nil || r.wanted != nil && !r.wanted(word) {
		return nil
	}
	v, err := vector()
	if err != nil {
		return fmt.Errorf("word %q: %w", word, err)
	}
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if len(v) != r.dim {
		return fmt.Errorf("word %q has %d numbers, not %d", word, len(v), r.dim)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return fmt.Errorf("word %q has a number that is not finite", word)
	}
	if sum == 0 {
		return nil // no direction
	}
	unit(v)
	r.found.Dim = r.dim
	r.found.words[word] = v
	return nil
}

// readText reads a word and its numbers from each line. promised is how many lines the
// header promises, 0 without one.
func (r *reader) readText(promised int) error {
	lines := bufio.NewScanner(r.in)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	number, words := 0, 0
	if promised > 0 {
		number = 1 // the header
	}
	for lines.Scan() {
		number++
		word, numbers, _ := strings.Cut(strings.TrimRight(lines.Text(), " \r"), " ")
		if word == "" && numbers == "" {
			continue
		}
		words++
		if r.dim == 0 {
			r.dim = len(strings.Fields(numbers))
			if r.dim == 0 || r.dim > maxDim {
				return fmt.Errorf("line %d is not a word and its numbers", number)
			}
		}
		if err := endsInNumbers(numbers, r.dim); err != nil {
			return fmt.Errorf("line %d: word %q: %w", number, word, err)
		}
		if err := r.add(word, func() ([]float32, error) { return floats(strings.Fields(numbers)) }); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("line %d is longer than %d bytes", number+1, maxLine)
	} else if err != nil {
		return fmt.Errorf("line %d: %w", number+1, err)
	}
	if words < promised {
		return fmt.Errorf("is cut: its first line promises %d words, and it has %d", promised, words)
	}
	return nil
}

// endsInNumbers looks at lines of words that nobody wants, too: where one is damaged or
// cut, others may be. It parses nothing, since a file has millions of lines. More cells than
// numbers are let pass: some published files have words with spaces.
func endsInNumbers(text string, want int) error {
	cells, inCell := 0, false
	for i := len(text) - 1; i >= 0; i-- {
		switch c := text[i]; {
		case c == ' ' || c == '\t':
			if inCell && cells == want {
				return nil
			}
			inCell = false
		case c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E':
			if !inCell {
				inCell, cells = true, cells+1
			}
		default:
			cell := text[:i+1]
			return fmt.Errorf("%q is no number", cell[strings.LastIndexAny(cell, " \t")+1:])
		}
	}
	if cells < want {
		return fmt.Errorf("%d numbers, not %d", cells, want)
	}
	return nil
}

func floats(cells []string) ([]float32, error) {
	v := make([]float32, len(cells))
	for k, cell := range cells {
		x, err := strconv.ParseFloat(cell, 32)
		if err != nil {
			return nil, fmt.Errorf("%q is no number", cell)
		}
		v[k] = float32(x)
	}
	return v, nil
}

func (r *reader) readBinary(words int) error {
	data := make([]byte, 4*r.dim)
	for i := range words {
		word, err := r.binaryWord()
		if err == nil {
			_, err = io.ReadFull(r.in, data)
		}
		if err != nil {
			return fmt.Errorf("is cut: word %d of %d cannot be read: %w", i+1, words, err)
		}
		err = r.add(word, func() ([]float32, error) {
			v := make([]float32, r.dim)
			for k := range v {
				v[k] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*k:]))
			}
			return v, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// binaryWord reads up to a space; writers differ in whether a line ends before it.
func (r *reader) binaryWord() (string, error) {
	var word []byte
	for {
		b, err := r.in.ReadByte()
		switch {
		case err != nil:
			return "", err
		case b == ' ':
			return string(word), nil
		case b == '\n' && len(word) == 0:
		case len(word) == maxWord:
			return "", fmt.Errorf("a word is longer than %d bytes", maxWord)
		default:
			word = append(word, b)
		}
	}
}

// readJSON reads wink-embeddings-sg: {"dimensions": 100, ..., "vectors": {"word":
// [numbers, length, index], ...}, ...}, in whatever order.
func (r *reader) readJSON() error {
	d := json.NewDecoder(r.in)
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		switch key {
		case "dimensions":
			err = d.Decode(&r.dim)
		case "vectors":
			err = r.readWords(d)
		default:
			var skipped json.RawMessage
			err = d.Decode(&skipped)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) readWords(d *json.Decoder) error {
	if r.dim <= 0 || r.dim > maxDim {
		return fmt.Errorf("has vectors before it says of how many dimensions")
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		word, _ := token.(string)
		var numbers json.RawMessage
		if err := d.Decode(&numbers); err != nil {
			return err
		}
		err = r.add(word, func() ([]float32, error) {
			var v []float32
			err := json.Unmarshal(numbers, &v)
			return v[:min(len(v), r.dim)], err
		})
		if err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
