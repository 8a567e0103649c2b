// Command things writes a set as large as THINGS (Hebart et al. 2023), of which
// everything is invented: pictures in categories, rows of three with the odd one
// out, and features of networks that see the pictures more or less clearly.
//
//	go run ./bench/things --out DIR --rows 4700000
//
// DIR/set is the set, DIR/source the same as its makers publish such rows, for
// import, and DIR/features/model-00.npy and on are the networks' features. Equal
// arguments write equal bytes.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/npy"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "things: error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("things", flag.ContinueOnError)
	var w world
	flags.IntVar(&w.pictures, "pictures", 1854, "pictures, at least 4")
	flags.IntVar(&w.rows, "rows", 4_700_000, "rows of three pictures")
	flags.IntVar(&w.repeated, "repeated", 1000, "triplets that 30 of the rows each show again, for the ceilings")
	flags.IntVar(&w.models, "models", 10, "networks whose features are written")
	flags.IntVar(&w.dim, "dim", 512, "length of a feature vector")
	flags.Uint64Var(&w.seed, "seed", 1, "seed of everything")
	out := flags.String("out", "", "folder to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *out == "" || w.pictures < 4 || w.rows < 1 || w.dim < 1 || w.rows < perRepeated*w.repeated {
		return fmt.Errorf("give --out, at least 4 pictures, a row, a dimension, and %d rows for each repeated triplet", perRepeated)
	}
	w.make()
	return w.write(*out)
}

// write puts everything into a folder.
func (w *world) write(dir string) error {
	for _, folder := range []string{"set/pictures", "source/pictures", "features"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o777); err != nil {
			return err
		}
	}
	for i := range w.pictures {
		if err := w.writePicture(dir, i); err != nil {
			return err
		}
	}
	rows := w.answers()
	files := map[string]func(io.Writer) error{
		"set/set.toml": func(out io.Writer) error {
			_, err := fmt.Fprintf(out, "name = \"things-like\"\ntask = \"odd-one-out\"\njudgements = [\"train.npy\"]\nnote = \"invented: bench/things, seed %d\"\n", w.seed)
			return err
		},
		"set/pictures.csv":    func(out io.Writer) error { return w.writeList(out, "path,label,category\n", "pictures/%s.png,%s,%s\n") },
		"source/names.txt":    func(out io.Writer) error { return w.writeList(out, "", "%s.png\n") },
		"source/trainset.txt": func(out io.Writer) error { return writeText(out, rows) },
		"set/train.npy": func(out io.Writer) error {
			return npy.Write(out, len(rows), 3, func(i int, values []int32) { copy(values, rows[i][:]) })
		},
		"features/names.txt": func(out io.Writer) error { return w.writeList(out, "", "pictures/%s.png\n") },
	}
	for m := range w.models {
		files[fmt.Sprintf("features/model-%02d.npy", m)] = func(out io.Writer) error {
			features := w.features(m)
			return npy.Write(out, w.pictures, w.dim, func(i int, values []float64) { copy(values, features[i]) })
		}
	}
	for name, write := range files {
		if err := atomicfile.WriteFunc(filepath.Join(dir, name), write); err != nil {
			return err
		}
	}
	return nil
}

// writePicture writes a picture for the set, and the same file for import.
func (w *world) writePicture(dir string, i int) error {
	file, again := filepath.Join(dir, "set", "pictures", w.name(i)+".png"), filepath.Join(dir, "source", "pictures", w.name(i)+".png")
	if err := atomicfile.WriteFunc(file, func(out io.Writer) error { return png.Encode(out, w.picture(i)) }); err != nil {
		return err
	}
	if err := os.RemoveAll(again); err != nil {
		return err
	}
	return os.Link(file, again)
}

// writeList writes a line for each picture: its name, and for tables its label and
// category.
func (w *world) writeList(out io.Writer, header, line string) error {
	b := bufio.NewWriter(out)
	b.WriteString(header)
	for i := range w.pictures {
		if header == "" {
			fmt.Fprintf(b, line, w.name(i))
		} else {
			fmt.Fprintf(b, line, w.name(i), w.name(i), w.category(i))
		}
	}
	return b.Flush()
}

// writeText writes rows as THINGS publishes them: three numbers from 0, the odd one last.
func writeText(out io.Writer, rows [][3]int32) error {
	b := bufio.NewWriterSize(out, 1<<20)
	var line []byte
	for _, row := range rows {
		line = line[:0]
		for k, picture := range row {
			line = append(strconv.AppendInt(line, int64(picture), 10), " \n"[k/2])
		}
		b.Write(line)
	}
	return b.Flush()
}
