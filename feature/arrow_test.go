package feature

import (
	"encoding/base64"
	"encoding/binary"
	"testing"

	flatbuffers "github.com/google/flatbuffers/go"
)

// arrowField is a Field of Arrow's Schema.fbs.
type arrowField struct {
	Name     string
	Nullable bool
	Type     byte
	Size     int32 // of a FixedSizeList: its values; of a FloatingPoint: its precision
	Children []arrowField
}

// readArrowSchema reads the fields of a schema message in base64, whoever wrote it.
func readArrowSchema(t *testing.T, text string) []arrowField {
	t.Helper()
	message, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(message) < 8 || binary.LittleEndian.Uint32(message) != 0xFFFFFFFF ||
		int(binary.LittleEndian.Uint32(message[4:])) != len(message)-8 {
		t.Fatalf("not one message: %x", message)
	}
	body := message[8:]
	root := flatbuffers.Table{Bytes: body, Pos: flatbuffers.GetUOffsetT(body)}
	if version, header := root.GetInt16Slot(slot(0), 0), root.GetByteSlot(slot(1), 0); version != 4 || header != 1 {
		t.Fatalf("a message of version %d and type %d", version, header)
	}
	return arrowFields(follow(root, 2), 1)
}

func arrowFields(t flatbuffers.Table, number int) []arrowField {
	offset := flatbuffers.UOffsetT(t.Offset(slot(number)))
	var fields []arrowField
	for i := range t.VectorLen(offset) {
		f := flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(t.Vector(offset) + flatbuffers.UOffsetT(4*i))}
		field := arrowField{
			Name:     string(f.ByteVector(f.Pos + flatbuffers.UOffsetT(f.Offset(slot(0))))),
			Nullable: f.GetBoolSlot(slot(1), false),
			Type:     f.GetByteSlot(slot(2), 0),
			Children: arrowFields(f, 5),
		}
		switch typ := follow(f, 3); field.Type {
		case 3: // FloatingPoint
			field.Size = int32(typ.GetInt16Slot(slot(0), 0))
		case 16: // FixedSizeList
			field.Size = typ.GetInt32Slot(slot(0), 0)
		}
		fields = append(fields, field)
	}
	return fields
}

// slot is where a vtable holds a table's slot of a number.
func slot(number int) flatbuffers.VOffsetT { return flatbuffers.VOffsetT(4 + 2*number) }

func follow(t flatbuffers.Table, number int) flatbuffers.Table {
	return flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(t.Pos + flatbuffers.UOffsetT(t.Offset(slot(number))))}
}
