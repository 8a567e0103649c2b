package judged

import (
	"bufio"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/parquet-go/parquet-go"
)

// table is the choices of all models, a row for each judgement or pair.
type table struct {
	names   []string // columns of pictures, by path
	picture func(row, column int) int32
	counts  []string // columns of whole numbers; -1 is none
	count   func(row, column int) int32
	values  []string // columns of numbers; NaN is none
	value   func(row, column int) float64
	rows    int
}

// choices are choices.csv or choices.parquet, whichever the number of rows asks for.
func (r *Run) choices(csvToo bool) []record.File {
	t := r.table()
	asCSV, asParquet := record.File{Name: choicesFile + ".csv"}, record.File{Name: choicesFile + ".parquet"}
	if t.rows <= mostCSV || csvToo {
		asCSV.Write = func(w io.Writer) error { return t.writeCSV(w, r.names()) }
	}
	if t.rows > mostCSV {
		asParquet.Write = func(w io.Writer) error { return t.writeParquet(w, r.names()) }
	}
	return []record.File{asCSV, asParquet}
}

func (r *Run) table() table {
	set, models := r.Stimuli, r.modelColumns()
	switch set.Task {
	case stimuli.OddOneOut:
		return table{
			names: []string{"picture_1", "picture_2", "odd"}, picture: func(row, k int) int32 { return set.Trials.Shown[row][k] },
			counts: models, count: func(row, m int) int32 { return place(r.LeftOver(m, row)) },
			rows: set.Trials.Len(),
		}
	case stimuli.Votes:
		return table{
			names: []string{"target", "left", "right"}, picture: func(row, k int) int32 { return set.Trials.Shown[row][k] },
			counts: []string{"left_votes", "right_votes"}, count: func(row, k int) int32 { return set.Trials.Counts[row][k] },
			values: models, value: func(row, m int) float64 { // how much closer the left picture is
				s, pair := r.Models[m].Similarities, r.Pairs.Of[row]
				return s[pair[0]] - s[pair[1]]
			},
			rows: set.Trials.Len(),
		}
	}
	people := set.Matrices.People
	return table{
		names: []string{"picture_a", "picture_b"}, picture: func(row, k int) int32 { return r.Pairs.List[row][k] },
		values: slices.Concat(prefixed("person ", people), models), value: func(row, k int) float64 {
			if k < len(people) {
				return set.Matrices.Values[k][row]
			}
			return r.Models[k-len(people)].Similarities[row]
		},
		rows: len(r.Pairs.List),
	}
}

// names are those of the numbers in a table: paths of pictures, of matrices also items.
func (r *Run) names() []string {
	var list []string
	for _, row := range r.Stimuli.Rows() {
		list = append(list, row.Name)
	}
	return list
}

// modelColumns are the models' names; one that another column may have gets a
// prefix.
func (r *Run) modelColumns() []string {
	var models []string
	for _, m := range r.Models {
		name := m.Name
		if slices.Contains(ownColumns, name) || strings.HasPrefix(name, "person ") {
			name = "model " + name
		}
		models = append(models, name)
	}
	return models
}

var ownColumns = []string{"row", "picture_1", "picture_2", "odd", "target", "left", "right", "left_votes", "right_votes", "picture_a", "picture_b"}

func prefixed(prefix string, names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = prefix + name
	}
	return list
}

func (t table) header() []string {
	return slices.Concat([]string{"row"}, t.names, t.counts, t.values)
}

func (t table) writeCSV(out io.Writer, pictures []string) error {
	buffered := bufio.NewWriterSize(out, 1<<20)
	w := csv.NewWriter(buffered)
	w.Write(t.header()) // an error stays until Flush
	cells := make([]string, 0, len(t.header()))
	for row := range t.rows {
		cells = append(cells[:0], strconv.Itoa(row+1))
		for k := range t.names {
			cells = append(cells, pictures[t.picture(row, k)])
		}
		for k := range t.counts {
			cells = append(cells, strconv.Itoa(int(t.count(row, k))))
		}
		for k := range t.values {
			cells = append(cells, record.Exact(t.value(row, k)))
		}
		w.Write(cells)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}

// parquetRows is the number of rows that are handed on at once.
const parquetRows = 1 << 16

func (t table) writeParquet(out io.Writer, pictures []string) error {
	group := parquet.Group{}
	for _, name := range t.names {
		group[name] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	group["row"] = parquet.Leaf(parquet.Int32Type)
	for _, name := range t.counts {
		group[name] = parquet.Encoded(parquet.Leaf(parquet.Int32Type), &parquet.RLEDictionary)
	}
	for _, name := range t.values {
		group[name] = parquet.Leaf(parquet.DoubleType)
	}
	schema := parquet.NewSchema("choices", group)
	w := parquet.NewWriter(out, schema, parquet.Compression(&parquet.Snappy))
	columns := map[string]*parquet.ColumnWriter{}
	for i, path := range schema.Columns() {
		columns[path[0]] = w.ColumnWriters()[i]
	}
	paths := make([][]byte, len(pictures))
	for i, path := range pictures {
		paths[i] = []byte(path)
	}
	values := make([]parquet.Value, 0, parquetRows)
	for from := 0; from < t.rows; from += parquetRows {
		to := min(t.rows, from+parquetRows)
		put := func(name string, value func(row int) parquet.Value) error {
			values = values[:0]
			for row := from; row < to; row++ {
				values = append(values, value(row))
			}
			_, err := columns[name].WriteRowValues(values)
			return err
		}
		if err := t.putRows(put, paths); err != nil {
			return err
		}
	}
	return w.Close()
}

func (t table) putRows(put func(name string, value func(row int) parquet.Value) error, paths [][]byte) error {
	if err := put("row", func(row int) parquet.Value { return parquet.Int32Value(int32(row + 1)) }); err != nil {
		return err
	}
	for k, name := range t.names {
		if err := put(name, func(row int) parquet.Value { return parquet.ByteArrayValue(paths[t.picture(row, k)]) }); err != nil {
			return err
		}
	}
	for k, name := range t.counts {
		if err := put(name, func(row int) parquet.Value { return parquet.Int32Value(t.count(row, k)) }); err != nil {
			return err
		}
	}
	for k, name := range t.values {
		if err := put(name, func(row int) parquet.Value { return parquet.DoubleValue(t.value(row, k)) }); err != nil {
			return err
		}
	}
	return nil
}
