package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/akin-vision/akin/ingest/archive"
)

// Bounds of a workbook, whose cells take far more memory than those of a text.
const (
	maxSheetCells = 4_000_000
	maxTags       = 16_000_000 // a cell has four: <c><v></v></c>
	maxParts      = 10_000
	maxRelations  = 2_000   // tags of a part that says which sheets there are
	maxOtherTags  = 500_000 // of a part that holds no cells
	maxText       = 1 << 17 // bytes of a text that cells share; spreadsheets allow 32,767 characters
)

// The library compares each sheet with each relation, and every cell of a shared text
// gets a copy of it.
var (
	errSheetCells = fmt.Errorf("has more than %d cells; save the sheet as CSV", maxSheetCells)
	errParts      = errors.New("has more sheets or other parts than akin reads; save the sheet as CSV")
	errUnpacked   = fmt.Errorf("the workbook unpacks to more than %d bytes; save the sheet as CSV", maxTable)
	errText       = fmt.Errorf("holds a text of more than %d bytes; shorten it or save the sheet as CSV", maxText)
)

// checkWorkbook refuses what would take much memory or time to read: parts that are
// packed as no spreadsheet packs them, too many of them or of their tags, and long
// texts. It unpacks every part once, and keeps nothing.
func checkWorkbook(data []byte) error {
	parts, err := archive.Read(bytes.NewReader(data), int64(len(data)))
	if errors.Is(err, zip.ErrFormat) {
		return fmt.Errorf("is no workbook: %w", err)
	}
	if err != nil {
		return err
	}
	if len(parts.File) > maxParts {
		return errParts
	}
	tags, size := 0, 0
	for _, f := range parts.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		part, err := measure(f, maxTags-tags, maxTable-size)
		if err == nil && isTexts(f) {
			err = checkTexts(f)
		}
		if err != nil {
			return fmt.Errorf("part %s: %w", f.Name, err)
		}
		tags, size = tags+part.tags, size+part.size
	}
	return nil
}

// isTexts reports whether a part is the one of which cells take texts.
func isTexts(f *zip.File) bool { return strings.EqualFold(f.Name, "xl/sharedStrings.xml") }

// partSize is how much a part takes.
type partSize struct{ tags, size int }

// measure unpacks a part as far as the tags and bytes that are left.
func measure(f *zip.File, tags, size int) (partSize, error) {
	limit, reason := tags, errSheetCells
	switch name := strings.ToLower(f.Name); {
	case strings.HasSuffix(name, ".rels"):
		limit, reason = min(tags, maxRelations), errParts
	case !strings.HasPrefix(name, "xl/worksheets/") && !isTexts(f):
		limit, reason = min(tags, maxOtherTags), errParts
	}
	var took partSize
	part, err := f.Open()
	if err != nil {
		return took, err
	}
	defer part.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := part.Read(buffer)
		took.tags += bytes.Count(buffer[:n], []byte("<"))
		took.size += n
		switch {
		case took.size > size:
			return took, errUnpacked
		case took.tags > limit:
			return took, reason
		case err == io.EOF:
			return took, nil
		case err != nil:
			return took, err
		}
	}
}

// checkTexts refuses a text, one <si>, that is longer than any that a spreadsheet writes.
func checkTexts(f *zip.File) error {
	part, err := f.Open()
	if err != nil {
		return err
	}
	defer part.Close()
	tokens := xml.NewDecoder(part)
	inside, length := 0, 0
	for {
		token, err := tokens.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "si" {
				inside++
			}
		case xml.EndElement:
			if token.Name.Local == "si" {
				inside--
			}
			if inside == 0 {
				length = 0
			}
		case xml.CharData:
			if length += len(token); length > maxText {
				return errText
			}
		}
	}
}
