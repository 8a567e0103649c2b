package ingest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/xuri/excelize/v2"
)

// bomb is a workbook whose one sheet has rows cells by cells, or whose table of
// strings has as many.
func bomb(t *testing.T, part, head, each, tail string, times int) []byte {
	t.Helper()
	book := excelize.NewFile()
	if err := book.SetCellValue("Sheet1", "A1", "a"); err != nil {
		t.Fatal(err)
	}
	sound, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(sound.Bytes()), int64(sound.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range archive.File {
		if f.Name == part {
			continue
		}
		data, err := fs.ReadFile(archive, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := w.Create(f.Name) // a Buffer gives no error
		p.Write(data)
	}
	p, _ := w.Create(part)
	p.Write([]byte(head))
	piece := []byte(strings.Repeat(each, 1000))
	for range times / 1000 {
		p.Write(piece)
	}
	p.Write([]byte(tail))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// manyFields are those of a JSON object.
func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"f%d":1,`, i)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func manySheets(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<s n=%q/>", fmt.Sprint(i))
	}
	return b.String()
}

// TestTablesAreBounded: what would take gigabytes or minutes is refused in
// seconds, with the reason.
func TestTablesAreBounded(t *testing.T) {
	const sheet = "xl/worksheets/sheet1.xml"
	open, shut := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, `</sheetData></worksheet>`
	cases := map[string]struct {
		name string
		data []byte
		want string
	}{
		"a sheet of millions of cells": {"t.xlsx", bomb(t, sheet, open+"<row>", "<c><v>1</v></c>", "</row>"+shut, 6_000_000), "which no picture or table does"},
		"a sheet of wide rows":         {"t.xlsx", bomb(t, sheet, open, `<row><c r="XFD1"><v>1</v></c></row>`, shut, 60_000), "which no picture or table does"},
		"a wide row above short ones":  {"t.xlsx", bomb(t, sheet, open+`<row><c r="XFD1"><v>1</v></c></row>`, "<row><c><v>1</v></c></row>", shut, 1000), "has more than 4000000 cells"},
		"many strings":                 {"t.xlsx", bomb(t, "xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`, "<si/>", "</sst>", 20_000_000), "which no picture or table does"},
		"100,000 columns":              {"t.csv", []byte(strings.Repeat("a,", 100_000) + "a\n"), "has more than 16384 columns"},
		"long shared texts":            {"t.xlsx", bomb(t, "xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>`, strings.Repeat("a", 100)+"</t></r><r><t>", "</t></r></si></sst>", 2000), "a text of more than 131072 bytes"},
		"many sheets":                  {"t.xlsx", bomb(t, "xl/_rels/workbook.xml.rels", "<Relationships>", `<Relationship Id="r"/>`, "</Relationships>", 3_000), "more sheets or other parts"},
		"many names of sheets":         {"t.xlsx", bomb(t, "xl/workbook.xml", "<workbook><sheets>"+manySheets(600_000), "", "</sheets></workbook>", 0), "more sheets or other parts"},
		"JSON in lists in lists":       {"t.json", []byte(strings.Repeat("[", 9000) + strings.Repeat(`{"a":1},`, 1<<20) + `{"a":1}` + strings.Repeat("]", 9000)), "is no list of objects"},
		"JSON of 100,000 columns":      {"t.json", []byte("[{" + manyFields(100_000) + "}]"), "has more than 16384 columns"},
		"JSON whose last row is wide":  {"t.json", []byte("[" + strings.Repeat(`{"a":1},`, 100_000) + "{" + manyFields(1000) + "}]"), "has more than 50000000 cells"},
		"wide JSON in a cell":          {"t.csv", []byte("a\n" + strings.Repeat("1\n", 100_000) + `"{` + strings.ReplaceAll(manyFields(1000), `"`, `""`) + "}\"\n"), "has more than 50000000 cells"},
		"JSON of 100,000 in a cell":    {"t.csv", []byte("a\n" + `"[` + strings.Repeat("1,", 100_000) + "1]\"\n"), "has more than 16384 columns"},
		"no workbook":                  {"t.xlsx", []byte("PK\x03\x04 and no more"), "is no workbook"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			var found problems
			if s := readSheet(fstest.MapFS{c.name: {Data: c.data}}, Table{File: c.name}, &found); s != nil || len(found) != 1 || !strings.Contains(found[0].What, c.want) {
				t.Errorf("problems %v, want %q", found, c.want)
			}
			if spent := time.Since(start); spent > 20*time.Second {
				t.Errorf("took %v", spent)
			}
		})
	}
	if err := checkWorkbook(bomb(t, sheet, open+"<row>", "<c><v>1</v></c>", "</row>"+shut, 10_000)); err != nil {
		t.Errorf("10,000 cells are refused: %v", err)
	}
}
