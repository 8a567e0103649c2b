package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"runtime"
	"slices"

	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// Pictures is where a page finds what the set's picture paths name.
type Pictures struct {
	Files fs.FS // nil: the page has placeholders
	// FullSize is the URL under which a server gives the picture numbered n in
	// full as FullSize + n; empty: the page is one
	// offline file and shows thumbnails only.
	FullSize string
	// Thumbnails is a folder where thumbnails are kept for the next page; empty:
	// they are made anew.
	Thumbnails string
}

// ReadPicture returns a picture's file, or says why it is not the one that the
// run saw.
func ReadPicture(files fs.FS, p *stimuli.Picture) ([]byte, error) {
	if files == nil {
		return nil, fmt.Errorf("picture %s: %w", p.Path, fs.ErrNotExist)
	}
	data, err := fs.ReadFile(files, p.Path)
	if err != nil {
		return nil, err // names the path
	}
	if stimuli.Hash(sha256.Sum256(data)) != p.Hash {
		return nil, fmt.Errorf("picture %s is not the one that the run saw: its SHA-256 differs", p.Path)
	}
	return data, nil
}

// PicturesOf lists the pictures of triplets in order, each once whatever it is named.
func PicturesOf(triplets []*stimuli.Triplet) []*stimuli.Picture {
	seen := map[stimuli.Hash]bool{}
	var pictures []*stimuli.Picture
	for _, t := range triplets {
		for _, p := range t.Shown() {
			if !seen[p.Hash] {
				seen[p.Hash] = true
				pictures = append(pictures, p)
			}
		}
	}
	return pictures
}

// Thumbnails holds the pictures of a page by number, each once.
type Thumbnails struct {
	numbers map[stimuli.Hash]int
	urls    []template.URL // data:, by number; empty where the picture cannot be shown
	static  []bool         // by number: stands in the page's own markup
	// unscripted says, by number, whether it stands in the markup for readers without a script.
	unscripted []bool
	missing    []error // why pictures cannot be shown, by number
}

// NewThumbnails makes the thumbnails. A picture that is gone, changed or broken
// leaves a gap and a reason: the figures of a run stand without it.
func NewThumbnails(pictures []*stimuli.Picture, from Pictures) *Thumbnails {
	g := &Thumbnails{
		numbers: make(map[stimuli.Hash]int, len(pictures)), static: make([]bool, len(pictures)), unscripted: make([]bool, len(pictures)),
		urls: make([]template.URL, len(pictures)), missing: make([]error, len(pictures)),
	}
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range pictures {
		g.numbers[p.Hash] = i
		work.Go(func() error {
			g.urls[i], g.missing[i] = from.thumbnail(p)
			return nil
		})
	}
	work.Wait() // its functions return no error
	return g
}

// JPEG is a JPEG file as an inlined picture.
func JPEG(data []byte) template.URL {
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(data))
}

// Show returns a picture's number and puts it into the page's own markup.
func (g *Thumbnails) Show(p *stimuli.Picture) (number int, ok bool) {
	number = g.numbers[p.Hash]
	g.static[number] = true
	return number, g.urls[number] != ""
}

// ShowUnscripted returns a picture's number and puts it into the markup for readers
// without a script.
func (g *Thumbnails) ShowUnscripted(p *stimuli.Picture) (number int, ok bool) {
	number = g.numbers[p.Hash]
	g.unscripted[number] = true
	return number, g.urls[number] != ""
}

// Static are the thumbnails of the page's own markup, by number.
func (g *Thumbnails) Static() map[int]template.URL {
	return g.where(func(i int) bool { return g.static[i] })
}

// Unscripted are the thumbnails for readers without a script, by number, that are not Static.
func (g *Thumbnails) Unscripted() map[int]template.URL {
	return g.where(func(i int) bool { return g.unscripted[i] && !g.static[i] })
}

func (g *Thumbnails) where(shown func(int) bool) map[int]template.URL {
	list := map[int]template.URL{}
	for i, url := range g.urls {
		if url != "" && shown(i) {
			list[i] = url
		}
	}
	return list
}

// Others are the remaining thumbnails, empty at the numbers of Static and Unscripted: no
// picture stands in the page twice.
func (g *Thumbnails) Others() []template.URL {
	list := make([]template.URL, len(g.urls))
	for i, url := range g.urls {
		if !g.static[i] && !g.unscripted[i] {
			list[i] = url
		}
	}
	return list
}

// Gaps are the numbers of the pictures that cannot be shown.
func (g *Thumbnails) Gaps() []int {
	list := []int{} // an empty list in JSON, too
	for i, err := range g.missing {
		if err != nil {
			list = append(list, i)
		}
	}
	return list
}

// Fault is what keeps pictures from being shown, nil where all are.
func (g *Thumbnails) Fault() *MissingPictures { return Missing(g.missing) }

// MissingPictures counts the pictures of a run's page that cannot be shown: gone,
// changed since, or broken.
type MissingPictures struct {
	Missing, All int
	First        error
}

func (m *MissingPictures) Error() string {
	return fmt.Sprintf("%d of %d pictures cannot be shown; the first: %v", m.Missing, m.All, m.First)
}

func (m *MissingPictures) Unwrap() error { return m.First }

// Missing is what keeps pictures from being shown, nil where errs holds no fault;
// errs has one entry for each picture.
func Missing(errs []error) *MissingPictures {
	faults := slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err == nil })
	if len(faults) == 0 {
		return nil
	}
	return &MissingPictures{len(faults), len(errs), faults[0]}
}

// Number is the number of a picture on the page.
func (g *Thumbnails) Number(p *stimuli.Picture) int { return g.numbers[p.Hash] }
