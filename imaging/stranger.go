package imaging

import "fmt"

// strangers are files that stand where a picture should, known by how they begin.
var strangers = []struct{ magic, name, advice string }{
	{"II*\x00", "TIFF", convertIt}, {"MM\x00*", "TIFF", convertIt}, {"II+\x00", "BigTIFF", convertIt}, {"MM\x00+", "BigTIFF", convertIt},
	{"????ftypavi", "AVIF", convertIt}, {"????ftyphei", "HEIC", convertIt}, {"????ftyphev", "HEIC", convertIt},
	{"????ftypmif1", "HEIC or AVIF", convertIt}, {"????ftypmsf1", "HEIC or AVIF", convertIt},
	{"\xff\x0a", "JPEG XL", convertIt}, {"\x00\x00\x00\x0cJXL ", "JPEG XL", convertIt},
	{"\x00\x00\x00\x0cjP  ", "JPEG 2000", convertIt}, {"\xff\x4f\xff\x51", "JPEG 2000", convertIt},
	{"\x00\x00\x01\x00", "ICO", convertIt}, {"8BPS", "PSD", convertIt}, {"DDS ", "DDS", convertIt}, {"%PDF", "PDF", convertIt},
	{"P1\n", "PBM", convertIt}, {"P2\n", "PGM", convertIt}, {"P3\n", "PPM", convertIt},
	{"P4\n", "PBM", convertIt}, {"P5\n", "PGM", convertIt}, {"P6\n", "PPM", convertIt}, {"P7\n", "PAM", convertIt},
	{"<svg", "SVG", convertIt}, {"<?xml", "XML, perhaps SVG", convertIt},
	{"<!DOCTYPE", "a web page", fetchIt}, {"<!doctype", "a web page", fetchIt}, {"<html", "a web page", fetchIt},
	{"version https://git-lfs", "a Git LFS pointer", "fetch the picture itself, with Git LFS"},
}

const (
	convertIt = "convert it to " + readable
	fetchIt   = "fetch the picture again"
	readable  = "JPEG, PNG, WebP, GIF or BMP"
)

// strangeness is the error for data of no format that is read.
func strangeness(data []byte) error {
	for _, s := range strangers {
		if matches(data, s.magic) {
			return fmt.Errorf("picture is %s, which is not read; %s", s.name, s.advice)
		}
	}
	return fmt.Errorf("picture has an unknown format (begins with %q); %s", data[:min(len(data), 8)], convertIt)
}
