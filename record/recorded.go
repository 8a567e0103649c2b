package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// OutdatedError is a record without the statistics that this akin computes.
type OutdatedError struct{ Dir string }

func (e *OutdatedError) Error() string {
	return fmt.Sprintf("%s holds no statistics of this version: it was analysed by an earlier one", e.Dir)
}

// Recorded are the statistics that stand in the record in dir that r was read from.
func (r *Run) Recorded(dir string) (Statistics, error) {
	var s Statistics
	data, err := r.read(dir, statisticsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return s, &OutdatedError{dir}
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("%s: %w", filepath.Join(dir, statisticsFile), err)
	}
	if err := r.fits(s); err != nil {
		return s, fmt.Errorf("%s: %w", filepath.Join(dir, statisticsFile), err)
	}
	for _, m := range s.Comparison.Models {
		if m.Evidence.Test == "" && m.Evidence.Missing == "" || len(s.Comparison.Models) > 1 && m.Ranks == nil {
			return s, &OutdatedError{dir}
		}
	}
	return s, nil
}
