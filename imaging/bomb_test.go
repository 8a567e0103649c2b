package imaging

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// resized returns a picture whose header claims another size.
func resized(t *testing.T, name string, width, height int) []byte {
	data := bytes.Clone(readPicture(t, name))
	switch {
	case strings.HasSuffix(name, ".png"):
		binary.BigEndian.PutUint32(data[16:], uint32(width))
		binary.BigEndian.PutUint32(data[20:], uint32(height))
		binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	case strings.HasSuffix(name, ".jpg"):
		at := max(bytes.Index(data, []byte("\xff\xc0")), bytes.Index(data, []byte("\xff\xc2")))
		binary.BigEndian.PutUint16(data[at+5:], uint16(height))
		binary.BigEndian.PutUint16(data[at+7:], uint16(width))
	case strings.HasSuffix(name, ".gif"):
		at := bytes.Index(data, []byte(",\x00\x00\x00\x00"))
		for _, at := range []int{6, at + 5} {
			binary.LittleEndian.PutUint16(data[at:], uint16(width))
			binary.LittleEndian.PutUint16(data[at+2:], uint16(height))
		}
	case strings.HasSuffix(name, ".bmp"):
		binary.LittleEndian.PutUint32(data[18:], uint32(width))
		binary.LittleEndian.PutUint32(data[22:], uint32(height))
	}
	return data
}

// A picture that claims far more pixels than its file can hold is refused before
// memory is taken for them.
func TestDecodeRefusesBombs(t *testing.T) {
	for _, name := range []string{"RGB.png", "1.png", "palette.png", "420-61x43.jpg", "progressive-420.jpg", "grey.jpg", "palette.gif", "interlaced.gif", "RGB.bmp", "1.bmp"} {
		for _, size := range [][2]int{{2000, 2000}, {60000, 60}, {9000, 9000}, {60000, 60000}} {
			data := resized(t, name, size[0], size[1])
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Decode(data, 0)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Errorf("%s of %v pixels is decoded", name, size)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
				t.Errorf("%s of %v pixels takes %d MB", name, size, got>>20)
			}
		}
	}
}

// Each scan is a pass over the picture: a large one may not have many.
func TestScansAreBounded(t *testing.T) {
	small, large := jpegDecoder{mcusX: 8, mcusY: 8}, jpegDecoder{mcusX: 1200, mcusY: 1200}
	if got := small.mostScans(); got != 500 {
		t.Errorf("%d scans for a small picture, want 500", got)
	}
	if got := large.mostScans(); got != 64 {
		t.Errorf("%d scans for a picture of 92 million pixels, want 64", got)
	}
}

// However many scans there are, they may not go over a picture more often than its
// coefficients have bits.
func TestPassesAreBounded(t *testing.T) {
	data := readPicture(t, "progressive-420.jpg")
	start := bytes.Index(data, []byte{0xff, markerSOS, 0, 8, 1, 1, 0, 1, 5}) // coefficients 1 to 5 of the brightness
	scan := data[start : start+bytes.Index(data[start:], []byte{0xff, markerDHT})]
	for again, want := range map[int]string{20: "", 300: "more than 14 times"} {
		_, err := decodeJPEGInGo(slices.Concat(data[:start], bytes.Repeat(scan, again), data[start:]))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("a scan %d times more: error %v, want %q", again, err, want)
		}
	}
}

// Compressed texts have limits, each and together.
func TestTextsAreBounded(t *testing.T) {
	compressed := func(size int) []byte {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		w.Write(make([]byte, size))
		w.Close()
		return append([]byte(keyXMP+"\x00\x00"), b.Bytes()...)
	}
	var long, many pngText
	if err := long.read("zTXt", compressed(1<<20+1)); !errors.Is(err, errLongText) {
		t.Errorf("a text of more than 1 MB: %v", err)
	}
	body := compressed(1 << 20)
	for i := range 65 {
		err := many.read("zTXt", body)
		if want := i >= 64; errors.Is(err, errLongText) != want {
			t.Fatalf("text %d of 1 MB: %v, refused is to be %v", i+1, err, want)
		}
	}
}
