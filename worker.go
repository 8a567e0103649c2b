package akin

import (
	"errors"
	"fmt"

	"github.com/akin-vision/akin/internal/regular"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/zoo"
)

// ModelsByHash gives, by the SHA-256 of their graphs, the models that a worker can run:
// those inside akin, pulled ones, and the .onnx files with cards in some folders.
func (h Home) ModelsByHash(folders []string) (map[string]*model.Model, error) {
	models := map[string]*model.Model{}
	inside, err := zoo.Inside()
	if err != nil {
		return nil, err
	}
	pulled, err := h.Catalogue().Pulled()
	if err != nil {
		return nil, err
	}
	files := make([]string, 0, len(pulled))
	for _, p := range pulled {
		files = append(files, p.File)
	}
	for _, folder := range folders {
		found, err := regular.Matching(folder, "*.onnx")
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("the folder %s has no .onnx file", folder)
		}
		files = append(files, found...)
	}
	for _, m := range inside {
		models[m.Hash] = m
	}
	var errs []error
	for _, file := range files {
		m, err := h.FindModel(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		models[m.Hash] = m
	}
	return models, errors.Join(errs...)
}
