package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/google/go-cmp/cmp"
)

func TestPageHoldsEachPictureOnce(t *testing.T) {
	run, files := syntheticRun(t, 60)
	text := writePage(t, run, files)
	doc := browser.Parse(t, text)
	ids, urls := map[string]bool{}, map[string]bool{}
	doc.Find("defs image").Each(func(_ int, s *goquery.Selection) {
		id, url := s.AttrOr("id", ""), s.AttrOr("href", "")
		if ids[id] || urls[url] {
			t.Errorf("%s stands in the page twice", id)
		}
		ids[id], urls[url] = true, true
		checkThumbnail(t, id, url)
	})
	used := map[string]bool{}
	uses := doc.Find(".picture use").Each(func(_ int, s *goquery.Selection) {
		used[strings.TrimPrefix(s.AttrOr("href", ""), "#")] = true
	})
	if diff := cmp.Diff(ids, used); diff != "" {
		t.Errorf("pictures held (-) and shown (+) differ:\n%s", diff)
	}
	if uses.Length() <= len(ids) {
		t.Errorf("%d uses of %d pictures: the run should use some twice", uses.Length(), len(ids))
	}
	var others []string
	if err := json.Unmarshal([]byte(doc.Find("#pictures").Text()), &others); err != nil {
		t.Fatal(err)
	}
	for number, url := range others {
		id := "picture-" + strconv.Itoa(number)
		if ids[id] == (url != "") || urls[url] {
			t.Errorf("%s stands in the page twice or not at all", id)
		}
		if url != "" {
			urls[url] = true
			checkThumbnail(t, id, url)
		}
	}
	if n, want := strings.Count(text, "data:image/"), len(Pictures(run)); n != want {
		t.Errorf("%d data URLs, want one for each of %d pictures", n, want)
	}
}

func checkThumbnail(t *testing.T, id, url string) {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(url, "data:image/jpeg;base64,"))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if longer := max(config.Width, config.Height); longer != page.ThumbnailSide {
		t.Errorf("%s: longer side %d, want %d", id, longer, page.ThumbnailSide)
	}
}

func TestPageStandsWithoutPictures(t *testing.T) {
	run, files := syntheticRun(t, 3)
	broken, gone, changed := run.Stimuli.Triplets[0].Target, run.Stimuli.Triplets[1].Target, run.Stimuli.Triplets[2].Target
	files[broken.Path] = &fstest.MapFile{Data: []byte("not a picture")}
	broken.Hash = sha256.Sum256([]byte("not a picture"))
	delete(files, gone.Path)
	files[changed.Path] = &fstest.MapFile{Data: drawnPicture(t, 99)}
	doc := browser.Parse(t, writePage(t, run, files))
	if got := text(doc.Find("#missing-pictures")); !strings.HasPrefix(got, "3 of 6 pictures cannot be shown") {
		t.Errorf("the notes say %q", got)
	}
	if got := doc.Find(".example .missing").AttrOr("aria-label", ""); got != "object 0, not found" {
		t.Errorf("in the place of the broken picture stands %q", got)
	}
	if err := CheckPictures(run, files); err == nil || !strings.Contains(err.Error(), "2 of 6") {
		t.Errorf("error %v does not count what is gone and changed", err)
	}
	if doc := browser.Parse(t, writePage(t, run, nil)); doc.Find("defs image").Length() > 0 || doc.Find(".picture.missing").Length() == 0 {
		t.Error("without any picture the page has some, or no placeholder")
	}
	run.Models = nil
	if _, err := New(Input{Run: run, Pictures: page.Pictures{Files: files}}); err == nil {
		t.Error("a run without models has a page")
	}
}

// TestThumbnailsAreKept writes one page twice: the same bytes, from thumbnails
// that are kept, and made anew where a kept one is damaged.
func TestThumbnailsAreKept(t *testing.T) {
	run, files := syntheticRun(t, 12)
	from := page.Pictures{Files: files, Thumbnails: t.TempDir()}
	write := func() string {
		t.Helper()
		return written(t, Input{Run: run, Summary: summarised(t, run), Pictures: from})
	}
	first := write()
	hash := Pictures(run)[0].Hash.String()
	kept, err := filepath.Glob(filepath.Join(from.Thumbnails, "*", hash[:2], hash))
	if deeper, _ := filepath.Glob(filepath.Join(from.Thumbnails, "*", "*", hash[:2], hash)); err == nil {
		kept = append(kept, deeper...)
	}
	if len(kept) != 1 {
		t.Fatalf("kept thumbnails of a picture: %v (%v), want one", kept, err)
	}
	name := kept[0]
	sound, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data := bytes.Clone(sound)
	if second := write(); second != first {
		t.Error("the page of kept thumbnails differs")
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	if third := write(); third != first {
		t.Error("the page after a damaged thumbnail differs")
	}
	if mended, err := os.ReadFile(name); err != nil || !bytes.Equal(mended, sound) {
		t.Errorf("a damaged thumbnail is not made anew (%v)", err)
	}
}
