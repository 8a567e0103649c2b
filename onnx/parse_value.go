package onnx

import (
	"fmt"
)

func parseValueInfo(data []byte) (*ValueInfo, error) {
	v := &ValueInfo{}
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		switch f.key() {
		case key{1, bytesTy}:
			v.Name = string(f.bytes)
		case key{2, bytesTy}:
			err = v.parseType(f.bytes)
		default:
			v.rest = append(v.rest, f.raw...)
		}
		if err != nil {
			return nil, fmt.Errorf("value %q: %w", v.Name, err)
		}
	}
	return v, nil
}

func (v *ValueInfo) parseType(data []byte) error {
	for f, err := range fields(data) {
		if err != nil {
			return err
		}
		if f.key() != (key{1, bytesTy}) {
			v.typeRest = append(v.typeRest, f.raw...)
			continue
		}
		if err := v.parseTensorType(f.bytes); err != nil {
			return err
		}
	}
	return nil
}

func (v *ValueInfo) parseTensorType(data []byte) error {
	for f, err := range fields(data) {
		if err != nil {
			return err
		}
		switch f.key() {
		case key{1, varint}:
			v.Type = DataType(f.number)
		case key{2, bytesTy}:
			err = v.parseShape(f.bytes)
		default:
			v.tensorRest = append(v.tensorRest, f.raw...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *ValueInfo) parseShape(data []byte) error {
	if v.Shape == nil {
		v.Shape = []Dim{}
	}
	for f, err := range fields(data) {
		if err != nil {
			return err
		}
		if f.key() != (key{1, bytesTy}) {
			v.shapeRest = append(v.shapeRest, f.raw...)
			continue
		}
		d, err := parseDim(f.bytes)
		if err != nil {
			return err
		}
		v.Shape = append(v.Shape, d)
	}
	return nil
}

func parseDim(data []byte) (Dim, error) {
	d := Dim{unset: true}
	for f, err := range fields(data) {
		if err != nil {
			return d, err
		}
		switch f.key() {
		case key{1, varint}:
			d.Size, d.Name, d.unset = int64(f.number), "", false
		case key{2, bytesTy}:
			d.Size, d.Name, d.unset = 0, string(f.bytes), len(f.bytes) == 0
		default:
			d.rest = append(d.rest, f.raw...)
		}
	}
	return d, nil
}
