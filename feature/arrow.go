package feature

import (
	"encoding/base64"
	"encoding/binary"

	flatbuffers "github.com/google/flatbuffers/go"
)

// arrowSchema tells Arrow's readers that each feature of an exported table, to
// Parquet a list, has dim values. It stands in the file's metadata under
// "ARROW:schema": the message that opens an Arrow stream, in base64
// (https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format).
func arrowSchema(dim int) string {
	body := arrowMessage(dim)
	body = append(body, make([]byte, -len(body)&7)...) // to a multiple of 8 bytes
	message := binary.LittleEndian.AppendUint32(nil, 0xFFFFFFFF)
	message = binary.LittleEndian.AppendUint32(message, uint32(len(body)))
	return base64.StdEncoding.EncodeToString(append(message, body...))
}

// arrowMessage builds the tables of Message.fbs and Schema.fbs by their slots
// (https://github.com/apache/arrow/tree/main/format), since Arrow's own library
// would make akin 7 MB larger. Slots not set hold their default: no field is nullable.
func arrowMessage(dim int) []byte {
	const (
		single        = 1 // Precision
		floatingPoint = 3 // Type
		utf8          = 5
		fixedSizeList = 16
		schemaHeader  = 1 // MessageHeader
		v5            = 4 // MetadataVersion
	)
	b := flatbuffers.NewBuilder(512)
	table := func(slots int, fill func()) flatbuffers.UOffsetT {
		b.StartObject(slots)
		fill()
		return b.EndObject()
	}
	field := func(name string, kind byte, typ flatbuffers.UOffsetT, children ...flatbuffers.UOffsetT) flatbuffers.UOffsetT {
		nameAt, childrenAt := b.CreateString(name), b.CreateVectorOfTables(children)
		return table(7, func() {
			b.PrependUOffsetTSlot(0, nameAt, 0)
			b.PrependByteSlot(2, kind, 0)
			b.PrependUOffsetTSlot(3, typ, 0)
			b.PrependUOffsetTSlot(5, childrenAt, 0)
		})
	}
	text := table(0, func() {})
	number := table(1, func() { b.PrependInt16Slot(0, single, 0) })
	list := table(1, func() { b.PrependInt32Slot(0, int32(dim), 0) })
	fields := b.CreateVectorOfTables([]flatbuffers.UOffsetT{
		field("path", utf8, text),
		field("sha256", utf8, text),
		field("feature", fixedSizeList, list, field("element", floatingPoint, number)),
	})
	schema := table(4, func() { b.PrependUOffsetTSlot(1, fields, 0) })
	b.Finish(table(5, func() {
		b.PrependInt16Slot(0, v5, 0)
		b.PrependByteSlot(1, schemaHeader, 0)
		b.PrependUOffsetTSlot(2, schema, 0)
	}))
	return b.FinishedBytes()
}
