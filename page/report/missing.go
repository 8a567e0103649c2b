package report

import (
	"io/fs"

	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
)

// CheckPictures returns what keeps pictures of the run's page from being shown, nil
// where each is found with the bytes that the run saw.
func CheckPictures(r *record.Run, files fs.FS) *page.MissingPictures {
	pictures := Pictures(r)
	errs := make([]error, len(pictures))
	for i, p := range pictures {
		_, errs[i] = page.ReadPicture(files, p)
	}
	return page.Missing(errs)
}
