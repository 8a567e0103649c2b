package imaging

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// The pictures that were reported as wrong or refused have Pillow's pixels, all of
// them. They are not part of this repository; odd.zip has their kinds.
func TestReportedPicturesMatchPillow(t *testing.T) {
	const folder = "../../shared/cases/pictures-and-models"
	table, err := os.Open(filepath.Join(folder, "pictures.csv"))
	if err != nil {
		t.Skipf("the reported pictures are not here: %v", err)
	}
	defer table.Close()
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		name, want := row[0], row[1]+" "+row[2]+" "+row[3]
		data, err := os.ReadFile(filepath.Join(folder, "pictures", name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := describe(data); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
	}
	if len(rows) < 20 {
		t.Errorf("%d pictures, want at least 19", len(rows)-1)
	}
}
