package imaging

import (
	"bytes"
	"encoding/binary"
	"math"
)

// upright is the EXIF orientation of a picture that needs no turning.
const upright = 1

// tiffTypes gives the bytes of one value of each TIFF type that Pillow reads.
var tiffTypes = [17]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}

// exifOrientation reads tag 0x0112 of the first directory of an EXIF block, with
// or without its "Exif" prefix, as Pillow's Image.getexif does: the last entry
// counts, whatever the type of its number; what stands in bytes or text is no
// orientation. It reports whether the directory has the tag, and gives 1
// (upright) where the number says nothing or the block is damaged: that must not
// cost the picture.
func exifOrientation(block []byte) (orientation int, found bool) {
	tiff := bytes.TrimPrefix(block, []byte("Exif\x00\x00"))
	order := tiffOrder(tiff)
	if order == nil || len(tiff) < 8 || uint64(order.Uint32(tiff[4:]))+2 > uint64(len(tiff)) {
		return upright, false
	}
	entries := tiff[order.Uint32(tiff[4:]):]
	count := int(order.Uint16(entries))
	orientation = upright
	for entries = entries[2:]; count > 0 && len(entries) >= 12; count, entries = count-1, entries[12:] {
		kind := order.Uint16(entries[2:])
		values, ok := tiffValues(tiff, entries, order)
		if !ok {
			return orientation, found // Pillow reads no further
		}
		if order.Uint16(entries) == 0x0112 && len(values) > 0 {
			orientation, found = orientationOf(values, kind, order), true
		}
	}
	return orientation, found
}

// tiffOrder also knows what else Pillow takes for the magic number: two misprints,
// and that of a big-endian BigTIFF, which it then reads as a TIFF.
func tiffOrder(tiff []byte) binary.ByteOrder {
	if len(tiff) < 4 {
		return nil
	}
	switch string(tiff[:4]) {
	case "II*\x00", "II\x00*":
		return binary.LittleEndian
	case "MM\x00*", "MM*\x00", "MM\x00+":
		return binary.BigEndian
	}
	return nil
}

// tiffValues returns the bytes of an entry's values, none where their type is
// unknown. ok is false where they lie beyond the block.
func tiffValues(tiff, entry []byte, order binary.ByteOrder) (values []byte, ok bool) {
	kind := order.Uint16(entry[2:])
	if int(kind) >= len(tiffTypes) || tiffTypes[kind] == 0 {
		return nil, true
	}
	size := uint64(order.Uint32(entry[4:])) * uint64(tiffTypes[kind])
	if size <= 4 {
		return entry[8 : 8+size], true
	}
	offset := uint64(order.Uint32(entry[8:]))
	if offset+size > uint64(len(tiff)) {
		return nil, false
	}
	return tiff[offset : offset+size], true
}

// orientationOf returns the first of the values if it is a whole number in 1..8.
func orientationOf(values []byte, kind uint16, order binary.ByteOrder) int {
	v := 0.0
	switch kind {
	case 3:
		v = float64(order.Uint16(values))
	case 4, 13:
		v = float64(order.Uint32(values))
	case 5:
		v = float64(order.Uint32(values)) / float64(order.Uint32(values[4:]))
	case 6:
		v = float64(int8(values[0]))
	case 8:
		v = float64(int16(order.Uint16(values)))
	case 9:
		v = float64(int32(order.Uint32(values)))
	case 10:
		v = float64(int32(order.Uint32(values))) / float64(int32(order.Uint32(values[4:])))
	case 11:
		v = float64(math.Float32frombits(order.Uint32(values)))
	case 12:
		v = math.Float64frombits(order.Uint64(values))
	case 16:
		v = float64(order.Uint64(values))
	}
	if v >= 1 && v <= 8 && v == math.Trunc(v) {
		return int(v)
	}
	return upright
}
