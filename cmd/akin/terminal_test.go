package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/plain"
	"github.com/spf13/cobra"
)

// evil is what no text may send to a terminal: a title, a colour, C1, a turned direction.
const evil = "\x1b]0;owned\x07\u009b31m\u202e"

// TestTerminalObeysNoArgument gives every command texts that command a terminal, as an
// argument, a flag and the values of flags.
func TestTerminalObeysNoArgument(t *testing.T) {
	k := newKitchen(t)
	tried := 0
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		path := strings.Fields(c.CommandPath())[1:]
		for _, more := range [][]string{{"x" + evil}, {"--x" + evil}, {"x", "--model", evil, "--out", evil, "--images", evil, "--study", evil}} {
			if len(path) > 0 {
				obeysNothing(t, k, append(path[:len(path):len(path)], more...)...)
				tried++
			}
		}
		for _, child := range c.Commands() {
			visit(child)
		}
	}
	visit((&console{}).rootCommand())
	if tried < 100 {
		t.Errorf("only %d command lines were tried", tried)
	}
}

// TestTerminalObeysNoFile does so with what files hold: names of a set, its pictures and
// triplets, columns of tables, a card.
func TestTerminalObeysNoFile(t *testing.T) {
	k := newKitchen(t)
	escaped, err := json.Marshal("s" + evil) // TOML's basic strings have JSON's escapes
	if err != nil {
		t.Fatal(err)
	}
	k.put("odd/set.toml", []byte("name = "+string(escaped)+"\ntitle = "+string(escaped)+"\n"))
	table := "id,target,related,unrelated,relation\n"
	for i, id := range []string{"a", "b", "c"} {
		row := id + evil
		for j := range 3 {
			name := id + evil + string(rune('0'+j)) + ".png"
			k.draw("odd/"+name, 3*i+j)
			row += "," + name
		}
		table += row + ",taxonomic\n"
	}
	k.put("odd/triplets.csv", []byte(table))
	k.put("bad/set.toml", []byte("nam"+evil+" = 1\n"))
	k.put("worse/triplets.csv", []byte("id"+evil+",target\nx"+evil+",y\n"))
	k.put("columns.csv", []byte("q"+evil+",target,related,unrelated\nx"+evil+",a"+evil+".png,b.png,c.png\n"))
	k.put("net.onnx", []byte("<html>"+evil))
	k.put("net.toml", []byte("name = "+string(escaped)+"\n"))
	run := []string{"run", "odd", "--model", "pixels", "--model", "edges", "--resamples", "99", "--out", "record"}
	for _, args := range [][]string{
		run, {"compare", "record"}, {"compare", "record", "--json"}, {"report", "record"}, {"board", "record"}, {"board", "record", "--json"}, {"paper", "record", "--resamples", "99"},
		{"sets", "validate", "odd"}, {"sets", "show", "odd"}, {"sets", "show", "odd", "--json"}, {"sets", "ratings", "odd"}, {"power", "odd"},
		{"features", "list"}, {"features", "export", "odd", "--model", "edges", "--out", "f" + evil + ".npy"}, {"collect", "init", "odd"},
		{"sets", "validate", "bad"}, {"sets", "validate", "worse"}, {"sets", "import", "columns.csv", "--out", "imported"}, {"models", "card", "net.onnx"}, {"models", "convert", "net.onnx"},
		{"__complete", "run", "od"}, {"__complete", "compare", "rec"},
	} {
		obeysNothing(t, k, args...)
	}
	if _, err := os.Stat(filepath.Join(k.dir, "record", "run.json")); err != nil {
		t.Errorf("the set could not be run, so little of it was shown: %v", err)
	}
}

func obeysNothing(t *testing.T, k kitchen, args ...string) {
	t.Helper()
	out, err := k.akin(t.Context(), nil, args...)
	if text := string(out); plain.Text(text) != text {
		t.Errorf("akin %q, error %v, writes %q", args, err, text)
	}
	if args[len(args)-1] == "--json" && !json.Valid(out) {
		t.Errorf("akin %q writes no JSON: %q", args, out)
	}
}
