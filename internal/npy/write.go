package npy

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// Write writes an array of rows, each filled by fill, as 32-bit integers or 64-bit
// floats.
func Write[T int32 | float64](w io.Writer, rows, columns int, fill func(row int, values []T)) error {
	out := bufio.NewWriterSize(w, min(1<<20, 256+8*rows*columns)) // small arrays are many
	values := make([]T, columns)
	kind, size := "<i4", 4
	if _, floats := any(values).([]float64); floats {
		kind, size = "<f8", 8
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }", kind, rows, columns)
	const align = 64 // of what follows the header
	header += strings.Repeat(" ", (align-(10+len(header)+1)%align)%align) + "\n"
	out.WriteString("\x93NUMPY\x01\x00") // an error stays until Flush
	out.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
	out.WriteString(header)
	buffer := make([]byte, 0, size*columns)
	for row := range rows {
		fill(row, values)
		buffer = buffer[:0]
		switch values := any(values).(type) {
		case []int32:
			for _, v := range values {
				buffer = binary.LittleEndian.AppendUint32(buffer, uint32(v))
			}
		case []float64:
			for _, v := range values {
				buffer = binary.LittleEndian.AppendUint64(buffer, math.Float64bits(v))
			}
		}
		out.Write(buffer)
	}
	return out.Flush()
}
