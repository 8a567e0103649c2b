package stimuli

import (
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// folder is a sound little set; cases replace single files of it.
func folder(changes map[string]string) fstest.MapFS {
	files := map[string]string{
		"set.toml": "name = \"tiny\"\nversion = \"1\"\nrating_min = 0\nrating_max = 7\n",
		"triplets.csv": "id,target,related,unrelated,relation,distractor,rating_related,rating_unrelated,target_label,hue\n" +
			"a,p/1.png,p/2.png,p/3.png,taxonomic,shape,6.5,1,one,red\n" +
			"b,p/2.png,p/1.png,p/4.png,thematic,random,,,two,\n",
		"p/1.png": "1", "p/2.png": "2", "p/3.png": "3", "p/4.png": "4",
	}
	maps.Copy(files, changes)
	fsys := fstest.MapFS{}
	for name, text := range files {
		if text != "absent" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return fsys
}

func TestReadSoundSet(t *testing.T) {
	s, err := Read(folder(map[string]string{
		"ratings.csv":  "rater,picture_a,picture_b,scale,value\nr1,p/1.png,p/2.png,related,7\nr2,p/1.png,p/2.png,related,\n",
		"pictures.csv": "path,label\np/1.png,uno\np/5.png,cinco\n", "p/5.png": "5",
	}), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := s.Triplets[0], s.Triplets[1]
	if a.Target != b.Related || a.Target.Label != "uno" || b.Target.Label != "two" {
		t.Errorf("pictures are not shared or labelled as the files say: %+v, %+v", a.Target, b.Target)
	}
	if !a.Rated() || a.RatingRelated != 6.5 || b.Rated() || !math.IsNaN(b.RatingRelated) {
		t.Errorf("ratings %v and %v, want 6.5 and none", a.RatingRelated, b.RatingRelated)
	}
	if diff := cmp.Diff(map[string]string{"hue": "red"}, a.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if len(s.Judgements) != 1 || s.Judgements[0].Value != 7 {
		t.Errorf("judgements %+v, want the one that has a value", s.Judgements)
	}
	if len(s.Pictures) != 5 {
		t.Errorf("%d pictures, want 5", len(s.Pictures))
	}
}

// problemsOf are the faults of a set that has some; a picture of more than 100
// bytes and one that reads "bad" are among them.
func problemsOf(t *testing.T, changes map[string]string) (lines []string) {
	t.Helper()
	_, err := Read(folder(changes), nil, Options{MaxPictureBytes: 100, CheckPicture: func(data []byte) error {
		if string(data) == "bad" {
			return errors.New("is no picture")
		}
		return nil
	}})
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error %v, want problems", err)
	}
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return lines
}

// TestReadFindsEveryFault checks each kind of fault for its file, line and words.
func TestReadFindsEveryFault(t *testing.T) {
	const header = "id,target,related,unrelated,relation,distractor,rating_related,rating_unrelated\n"
	triplets := func(rows string) map[string]string { return map[string]string{"triplets.csv": header + rows} }
	cases := []struct {
		name    string
		changes map[string]string
		want    string
	}{
		{"no manifest", map[string]string{"set.toml": "absent"}, "set.toml: cannot be read"},
		{"broken manifest", map[string]string{"set.toml": "name = \"x\"\nversion = \n"}, "set.toml:2: "},
		{"no name", map[string]string{"set.toml": "version = \"1\""}, "set.toml: needs a name"},
		{"empty scale", map[string]string{"set.toml": "name = \"x\"\nrating_min = 5\nrating_max = 5"}, "set.toml: rating_min 5 is not below"},
		{"no triplets file", map[string]string{"triplets.csv": "absent"}, "triplets.csv: cannot be read"},
		{"empty file", map[string]string{"triplets.csv": ""}, "triplets.csv:1: has no header"},
		{"no rows", triplets(""), "triplets.csv: has no triplets"},
		{"missing column", map[string]string{"triplets.csv": "id,target,related\na,p/1.png,p/2.png\n"}, `triplets.csv:1: column "unrelated" is missing`},
		{"doubled column", map[string]string{"triplets.csv": "id,target,related,unrelated,id\n"}, `triplets.csv:1: column "id" stands twice`},
		{"miswritten column that is needed", map[string]string{"triplets.csv": "id,TARGET,related,unrelated\na,p/1.png,p/2.png,p/3.png\n"}, `triplets.csv:1: column "TARGET" must be written "target"`},
		{"miswritten column", map[string]string{"triplets.csv": "id,target,related,unrelated,Rating-Related\na,p/1.png,p/2.png,p/3.png,1\n"}, `triplets.csv:1: column "Rating-Related" must be written "rating_related"`},
		{"nameless column", map[string]string{"triplets.csv": ",id,target,related,unrelated\n0,a,p/1.png,p/2.png,p/3.png\n"}, "triplets.csv:1: column 1 has no name"},
		{"semicolons", map[string]string{"triplets.csv": "id;target;related;unrelated\na;p/1.png;p/2.png;p/3.png\n"}, "triplets.csv:1: has one column"},
		{"old Mac lines", map[string]string{"triplets.csv": "id,target,related,unrelated\ra,p/1.png,p/2.png,p/3.png\r"}, "triplets.csv:1: is one line"},
		{"empty row", triplets("a,p/1.png,p/2.png,p/3.png,,,,\n,,, ,,,,\n"), "triplets.csv:3: is an empty row"},
		{"manifest not UTF-8", map[string]string{"set.toml": "name = \"x\"\ntitle = \"caf\xe9\""}, "set.toml:2: is not UTF-8"},
		{"scale no number", map[string]string{"set.toml": "name = \"x\"\nrating_min = nan\nrating_max = 5"}, "set.toml: rating_min NaN is not below"},
		{"judgement of one picture", map[string]string{"ratings.csv": "rater,picture_a,picture_b,value\nr,p/1.png,p/1.png,3\n"}, `ratings.csv:2: picture_a and picture_b are the same picture "p/1.png"`},
		{"ragged row", triplets("a,p/1.png,p/2.png\n"), "triplets.csv:2: has 3 cells, the header 8"},
		{"broken quote", triplets("a,\"p/1.png,p/2.png,p/3.png,,,,\n"), "triplets.csv:2: "},
		{"not UTF-8", triplets("a,p/1.png,p/2.png,p/3.png,,,,\nb\xff,p/1.png,p/2.png,p/3.png,,,,\n"), "triplets.csv:3: is not UTF-8"},
		{"doubled id", triplets("a,p/1.png,p/2.png,p/3.png,,,,\na,p/1.png,p/2.png,p/4.png,,,,\n"), `triplets.csv:3: id "a" stands already on line 2`},
		{"empty id", triplets(",p/1.png,p/2.png,p/3.png,,,,\n"), "triplets.csv:2: id is empty"},
		{"empty picture", triplets("a,p/1.png,,p/3.png,,,,\n"), "triplets.csv:2: a picture's path is empty"},
		{"missing picture", triplets("a,p/1.png,p/2.png,p/9.png,,,,\n"), `triplets.csv:2: picture "p/9.png" does not exist`},
		{"outside the folder", triplets("a,p/1.png,p/2.png,../3.png,,,,\n"), `triplets.csv:2: picture "../3.png" is not a path inside`},
		{"absolute path", triplets("a,p/1.png,p/2.png,/p/3.png,,,,\n"), `triplets.csv:2: picture "/p/3.png" is not a path inside`},
		{"a folder", triplets("a,p/1.png,p/2.png,p,,,,\n"), `triplets.csv:2: picture "p" cannot be read`},
		{"target is related", triplets("a,p/1.png,p/1.png,p/3.png,,,,\n"), "triplets.csv:2: target and related are the same picture"},
		{"copy as distractor", map[string]string{"triplets.csv": header + "a,p/1.png,p/2.png,p/3.png,,,,\n", "p/3.png": "1"}, "triplets.csv:2: target and unrelated are the same picture"},
		{"unknown relation", triplets("a,p/1.png,p/2.png,p/3.png,kinship,,,\n"), `triplets.csv:2: relation "kinship" is unknown; use taxonomic, thematic`},
		{"unknown distractor", triplets("a,p/1.png,p/2.png,p/3.png,,texture,,\n"), `triplets.csv:2: distractor "texture" is unknown`},
		{"rating no number", triplets("a,p/1.png,p/2.png,p/3.png,,,high,\n"), `triplets.csv:2: rating_related "high" is not a number`},
		{"rating not finite", triplets("a,p/1.png,p/2.png,p/3.png,,,NaN,\n"), `triplets.csv:2: rating_related "NaN" is not a number`},
		{"rating out of range", triplets("a,p/1.png,p/2.png,p/3.png,,,1,7.5\n"), "triplets.csv:2: rating_unrelated 7.5 is outside the set's scale 0 to 7"},
		{"picture listed twice", map[string]string{"pictures.csv": "path,label\np/1.png,a\np/1.png,b\n"}, `pictures.csv:3: picture "p/1.png" is listed twice`},
		{"another picture than listed", map[string]string{"pictures.csv": "path,label,sha256\np/1.png,a,00ff\n"}, `pictures.csv:2: picture "p/1.png" is not the picture that pictures.csv lists`},
		{"judgement without rater", map[string]string{"ratings.csv": "rater,picture_a,picture_b,value\n,p/1.png,p/2.png,3\n"}, "ratings.csv:2: rater is empty"},
		{"judgement of no picture", map[string]string{"ratings.csv": "rater,picture_a,picture_b,value\nr,p/1.png,p/7.png,3\n"}, `ratings.csv:2: picture "p/7.png" does not exist`},
		{"oversize picture", map[string]string{"p/4.png": strings.Repeat("x", 101)}, `triplets.csv:3: picture "p/4.png" has 101 bytes, the limit is 100`},
		{"undecodable picture", map[string]string{"p/4.png": "bad"}, `triplets.csv:3: picture "p/4.png" is no picture`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			problems := problemsOf(t, c.changes)
			if !slices.ContainsFunc(problems, func(line string) bool { return strings.HasPrefix(line, c.want) }) {
				t.Errorf("problems:\n%s\nwant one that begins with %q", strings.Join(problems, "\n"), c.want)
			}
		})
	}
}

func TestReadReportsAllFaultsAtOnce(t *testing.T) {
	_, err := Read(folder(map[string]string{
		"triplets.csv": "id,target,related,unrelated,relation\n" +
			"a,p/1.png,p/1.png,p/3.png,kinship\n" +
			"a,p/1.png,p/8.png,p/9.png,\n",
	}), nil, Options{})
	want := `triplets.csv:2: relation "kinship" is unknown; use taxonomic, thematic, leave it empty, or declare it in set.toml: relations = ["kinship"]
triplets.csv:2: target and related are the same picture "p/1.png"
triplets.csv:3: id "a" stands already on line 2
triplets.csv:3: picture "p/8.png" does not exist
triplets.csv:3: picture "p/9.png" does not exist`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// TestEveryKindOfFaultAtOnce seeds into one set each kind of fault that leaves
// its file readable, and wants them all, with their lines, in one error.
func TestEveryKindOfFaultAtOnce(t *testing.T) {
	got := problemsOf(t, map[string]string{
		"set.toml": "version = \"1\"\nrating_min = 0\nrating_max = 7\n",
		"triplets.csv": "id,target,related,unrelated,relation,distractor,rating_related,rating_unrelated\n" +
			"a,p/1.png,p/1.png,p/3.png,kinship,texture,high,8\n" +
			"a,p/2.png,p/8.png,p/2.png,,,,\n" +
			",p/1.png,p/3.png,p/3.png,,,,\n" +
			"d,p/1.png,,../3.png,,,,\n" +
			"e,p/1.png,p/4.png,p/5.png,,,NaN,\n" +
			"f,p/1.png,p/2.png,p,,,,\n" +
			"g,p/2.png,p/3.png,p/6.png,,,,\n",
		"p/4.png": "bad", "p/5.png": strings.Repeat("x", 101), "p/6.png": "2",
		"pictures.csv": "path,label,sha256\np/1.png,a,00ff\np/1.png,b,\n",
		"ratings.csv":  "rater,picture_a,picture_b,value\n,p/1.png,p/2.png,3\nr,p/1.png,p/7.png,9\n",
	})
	for _, want := range []string{
		"set.toml: needs a name",
		`pictures.csv:2: picture "p/1.png" is not the picture that pictures.csv lists`,
		`pictures.csv:3: picture "p/1.png" is listed twice`,
		"ratings.csv:2: rater is empty",
		`ratings.csv:3: picture "p/7.png" does not exist`,
		"ratings.csv:3: value 9 is outside",
		`triplets.csv:2: relation "kinship" is unknown`,
		`triplets.csv:2: distractor "texture" is unknown`,
		`triplets.csv:2: rating_related "high" is not a number`,
		"triplets.csv:2: rating_unrelated 8 is outside",
		"triplets.csv:2: target and related are the same",
		`triplets.csv:3: id "a" stands already on line 2`,
		`triplets.csv:3: picture "p/8.png" does not exist`,
		"triplets.csv:3: target and unrelated are the same",
		"triplets.csv:4: id is empty",
		"triplets.csv:4: related and unrelated are the same",
		"triplets.csv:5: a picture's path is empty",
		`triplets.csv:5: picture "../3.png" is not a path inside`,
		`triplets.csv:6: picture "p/4.png" is no picture`,
		`triplets.csv:6: picture "p/5.png" has 101 bytes`,
		`triplets.csv:6: rating_related "NaN" is not a number`,
		`triplets.csv:7: picture "p" cannot be read`,
		"triplets.csv:8: target and unrelated are the same",
	} {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("no problem begins with %s", want)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(got, "\n"))
	}
}

// TestBrokenManifestCastsNoDoubtOnTheRest: what a manifest that cannot be read
// may declare, a scale or words, is not held against the triplets.
func TestBrokenManifestCastsNoDoubtOnTheRest(t *testing.T) {
	_, err := Read(folder(map[string]string{
		"set.toml":     "name = \"x\"\nrating_max = = 7\nrelations = [\"kinship\"]",
		"triplets.csv": "id,target,related,unrelated,relation,rating_related\na,p/1.png,p/2.png,p/3.png,kinship,6\n",
	}), nil, Options{})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Line != 2 {
		t.Errorf("problems:\n%v\nwant the one of set.toml:2", err)
	}
}

func TestFilesAsWindowsWritesThem(t *testing.T) {
	const mark = "\xef\xbb\xbf"
	s, err := Read(folder(map[string]string{
		"set.toml":     mark + "name = \"x\"\r\nrating_max = 7\r\n",
		"triplets.csv": mark + "id,target,related,unrelated,rating_related\r\na,p/1.png,p/2.png,p/3.png,6\r\n",
	}), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "x" || s.RatingMax != 7 || s.Triplets[0].ID != "a" || s.Triplets[0].RatingRelated != 6 {
		t.Errorf("%+v", s)
	}
}

func TestWarningsNameWhatHasNoEffect(t *testing.T) {
	s, err := Read(folder(map[string]string{
		"triplets.csv": "id,target,related,unrelated,distracter,hue\na,p/1.png,p/2.png,p/3.png,shape,red\n",
	}), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `triplets.csv:1: column "distracter" is kept as a tag; if "distractor" is meant, rename it`
	if diff := cmp.Diff(want, s.Warnings.Error()); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestUnknownKeysAreProblems(t *testing.T) {
	_, err := Read(fstest.MapFS{
		"set.toml":     {Data: []byte("name = \"x\"\nlicense = \"MIT\"\n[further]\nkey = 1\n")},
		"triplets.csv": {Data: []byte("id,target,related,unrelated\n1,a.png,b.png,c.png\n")},
	}, nil, Options{NamesSuffice: true})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Fatalf("error %v, want two problems", err)
	}
	if got, want := problems[0].String(), `set.toml:2: key "license" is unknown; did you mean "licence"?`; got != want {
		t.Errorf("the first problem is %s, want %s", got, want)
	}
	if got, want := problems[1].String(), `set.toml:3: key "further" is unknown; the keys are name, version, title,`; !strings.HasPrefix(got, want) {
		t.Errorf("the second problem is %s, want %s ...", got, want)
	}
}

func TestPicturesKnowWhereTheyAreNamedFirst(t *testing.T) {
	s, err := Read(folder(map[string]string{"pictures.csv": "path,label\np/3.png,tres\n"}), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Place{}
	for _, p := range s.Pictures {
		got[p.Path] = p.Named
	}
	want := map[string]Place{"p/1.png": {"triplets.csv", 2}, "p/2.png": {"triplets.csv", 2}, "p/3.png": {"pictures.csv", 2}, "p/4.png": {"triplets.csv", 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestDeclaredWordsAreKnown(t *testing.T) {
	s, err := Read(folder(map[string]string{
		"set.toml":     "name = \"x\"\nrelations = [\"kinship\"]\ndistractors = [\"texture\"]",
		"triplets.csv": "id,target,related,unrelated,relation,distractor\na,p/1.png,p/2.png,p/3.png,kinship,texture\n",
	}), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Triplets[0].Relation != "kinship" || s.Triplets[0].Distractor != "texture" {
		t.Errorf("%+v", s.Triplets[0])
	}
}

func TestDigestFollowsEveryByte(t *testing.T) {
	digest := func(changes map[string]string) string {
		s, err := Read(folder(changes), nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s.Digest
	}
	sound := digest(nil)
	if sound != digest(nil) {
		t.Error("one set has two digests")
	}
	if sound == digest(map[string]string{"p/4.png": "other"}) {
		t.Error("another picture leaves the digest")
	}
	if sound == digest(map[string]string{"set.toml": "name = \"tiny\"\nversion = \"2\"\n"}) {
		t.Error("another manifest leaves the digest")
	}
}

// TestSymbolicLinkOutside opens the folder as akin does: a link that leaves it leads nowhere.
func TestSymbolicLinkOutside(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret.png")
	for name, text := range map[string]string{
		outside:                            "secret",
		filepath.Join(dir, "1.png"):        "1",
		filepath.Join(dir, "2.png"):        "2",
		filepath.Join(dir, "set.toml"):     `name = "x"`,
		filepath.Join(dir, "triplets.csv"): "id,target,related,unrelated\na,1.png,2.png,3.png\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "3.png")); err != nil {
		t.Skip(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := Read(root.FS(), nil, Options{}); err == nil || !strings.Contains(err.Error(), `picture "3.png" cannot be read`) {
		t.Errorf("error %v, want the link refused", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("name = \"x\"", "id,target,related,unrelated\na,p/1.png,p/2.png,p/3.png\n", "rater,picture_a,picture_b,value\n", "path,label\np/1.png,x\n")
	f.Add("name = 3", "id;target\n\"", "\xff", "path,path\n")
	f.Fuzz(func(t *testing.T, set, triplets, ratings, pictures string) {
		s, err := Read(folder(map[string]string{"set.toml": set, "triplets.csv": triplets, "ratings.csv": ratings, "pictures.csv": pictures}), nil, Options{})
		if (s == nil) == (err == nil) {
			t.Fatalf("set %v with error %v", s, err)
		}
	})
}

// TestEarlierVersionsStay: a published run names a set's version and digest,
// and both must be found again.
func TestEarlierVersionsStay(t *testing.T) {
	for name, want := range map[string]string{
		"everyday@1": "a92f0d46317e3407f571b920cc1908a76d88a87b1dedce2d539c83d8f0205c0f", "everyday@2": "8e7b43232b1ce9db3299f9e208333c709f1f30f756fa83ef394f3dacb33aa039",
	} {
		set, err := Read(Embedded(name), fstest.MapFS{}, Options{NamesSuffice: true})
		if err != nil {
			t.Fatal(err)
		}
		if set.Digest != want || set.Name+"@"+set.Version != name {
			t.Errorf("%s reads as %s@%s of digest %s, want %s", name, set.Name, set.Version, set.Digest, want)
		}
	}
}
