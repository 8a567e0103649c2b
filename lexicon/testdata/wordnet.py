#!/usr/bin/python3
"""Makes wordnet-pairs.csv and the excerpt dict/ of WordNet's noun files.

Reference: NLTK's WordNetCorpusReader over a WordNet 3.0 dict folder, the first
argument. NLTK wants two files that Debian's wordnet-base lacks (lexnames,
index.sense); neither plays a part in noun similarities, so stubs serve.
"""
import csv, os, random, sys, tempfile
from nltk.corpus.reader.wordnet import WordNetCorpusReader

source = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp()
for name in os.listdir(source):
    if os.path.isfile(os.path.join(source, name)):
        os.symlink(os.path.join(source, name), os.path.join(folder, name))
with open(folder + "/lexnames", "w") as f:
    f.writelines("%02d\tx%d\t1\n" % (i, i) for i in range(45))
open(folder + "/index.sense", "w").close()
wordnet = WordNetCorpusReader(folder, None)
assert wordnet.get_version() == "3.0"

WORDS = """dog cat horse monkey panda banana apple bread knife fork hammer nail screwdriver saw chair table bed lamp
car truck bicycle train ship anchor airplane guitar piano violin drum bee honey flower tree leaf bird nest egg spider
web fish shark whale bowl cup bottle wine beer coffee tea shirt shoe sock hat glove ring candle bench crane mouse
keyboard monitor screen cradle person chef fireman doctor nurse baby king queen crown church castle bridge river
mountain snow ball bat racket net goal jersey belt buckle bow arrow gun rifle holster Paris Einstein Shakespeare
Everest mercury seal organ jaguar idea love music entity object""".split()
random.seed(1)
synsets = [s for w in WORDS for s in wordnet.synsets(w, "n")[:3]]
firsts = [wordnet.synsets(w, "n")[0] for w in WORDS]
pairs = [tuple(random.sample(firsts, 2)) for _ in range(160)] + [tuple(random.sample(synsets, 2)) for _ in range(120)]
pairs += [(s, s) for s in random.sample(synsets, 5)] + [(s, s.hypernyms()[0]) for s in firsts[:15]]
pairs += [(s.hypernyms()[0], s) for s in firsts[15:25]]

needed = set()
with open(here + "/wordnet-pairs.csv", "w", newline="") as f:
    rows = csv.writer(f, lineterminator="\n")
    rows.writerow(["a", "b", "name_a", "name_b", "min_depth_a", "max_depth_a", "subsumer", "path", "wu_palmer"])
    for a, b in pairs:
        lowest = a.lowest_common_hypernyms(b, use_min_depth=True)
        subsumer = a if a in lowest else lowest[0]
        rows.writerow(["n%08d" % a.offset(), "n%08d" % b.offset(), a.name(), b.name(), a.min_depth(), a.max_depth(),
                       "n%08d" % subsumer.offset(), repr(a.path_similarity(b)), repr(a.wup_similarity(b))])
        for s in (a, b):
            needed |= set(s.common_hypernyms(s)) | {s}

# The excerpt: the licence, these synsets without their other pointers, and the words that lead to them. A
# word keeps only these senses, so the numbers in the excerpt's names are lower than WordNet's.
os.makedirs(here + "/dict", exist_ok=True)
offsets = {"%08d" % s.offset() for s in needed}
with open(source + "/data.noun") as old, open(here + "/dict/data.noun", "w") as new:
    for line in old:
        if line.startswith("  "):
            new.write(line)
        elif line[:8] in offsets:
            data, gloss = line.split(" | ")
            cells = data.split(" ")
            words = 4 + 2 * int(cells[3], 16)
            pointers = [cells[i:i + 4] for i in range(words + 1, len(cells), 4)]
            kept = [p for p in pointers if p[0] in ("@", "@i")]
            cells = cells[:words] + ["%03d" % len(kept)] + [c for p in kept for c in p]
            new.write(" ".join(cells) + " | " + gloss.split(";")[0].strip() + "\n")
with open(source + "/index.noun") as old, open(here + "/dict/index.noun", "w") as new:
    for line in old:
        if line.startswith("  "):
            new.write(line)
            continue
        cells = line.split()
        senses = cells[6 + int(cells[3]):] if cells[2] != "0" else []
        kept = [o for o in senses if o in offsets]
        if kept:
            new.write(" ".join([cells[0], "n", str(len(kept)), "0", str(len(kept)), "0"] + kept) + "\n")
