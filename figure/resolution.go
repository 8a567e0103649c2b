package figure

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
)

// withResolution puts the chunk pHYs (PNG specification, 11.3.4.3) behind the
// header of a PNG file; image/png writes none.
func withResolution(file []byte) []byte {
	const header = 8 + 4 + 4 + 13 + 4 // signature; length, type, data and sum of IHDR
	perMetre := uint32(math.Round(dpi / 0.0254))
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, "pHYs"...)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1) // the unit is the metre
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(file[:header], chunk, file[header:])
}
