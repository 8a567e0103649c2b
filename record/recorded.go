package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/stats"
)

// OutdatedError is a record without the statistics that this akin computes.
type OutdatedError struct{ Dir string }

func (e *OutdatedError) Error() string {
	return fmt.Sprintf("%s holds no statistics of this version: it was analysed by an earlier one", e.Dir)
}

// Analysis gives the statistics of the run that was read from dir: those that its
// record holds. Where it holds none of this version, or none with this seed and
// number of resamples, they are computed.
func (r *Run) Analysis(dir string, o stats.Options) (Statistics, error) {
	s, err := r.Recorded(dir)
	var outdated *OutdatedError
	if err != nil && !errors.As(err, &outdated) {
		return s, err
	}
	if err != nil || s.Seed != o.Seed || s.Resamples != o.Resamples {
		return Analyse(r, o)
	}
	return s, nil
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
	exact, err := jsonfile.Read(data, &s)
	if err == nil {
		err = r.fits(s)
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w", filepath.Join(dir, statisticsFile), err)
	}
	if !exact {
		return s, &OutdatedError{dir}
	}
	return s, nil
}

// Resampling returns the seed and the number of resamples behind the statistics
// of the record in dir that r was read from, or the standard ones where it has none.
func (r *Run) Resampling(dir string) (stats.Options, error) {
	data, err := r.read(dir, statisticsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return stats.Options{Seed: StandardSeed, Resamples: StandardResamples}, nil
	}
	if err != nil {
		return stats.Options{}, err
	}
	var recorded struct {
		Seed      uint64 `json:"seed"`
		Resamples int    `json:"resamples"`
	}
	if err := json.Unmarshal(data, &recorded); err != nil {
		return stats.Options{}, fmt.Errorf("%s: %w", filepath.Join(dir, statisticsFile), err)
	}
	return stats.Options{Seed: recorded.Seed, Resamples: recorded.Resamples}, nil
}
