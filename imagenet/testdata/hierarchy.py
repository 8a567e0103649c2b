"""Makes ../hierarchy.txt and hierarchy.csv from the dict folder of WordNet 3.0.

    python3 hierarchy.py /usr/share/wordnet

../hierarchy.txt holds every noun above the 1,000 classes of ILSVRC 2012
(../classes.csv), with all its hypernyms. hierarchy.csv holds the measures of
pairs of classes, computed by NLTK 3.8 from the same dict folder: NLTK's reader
wants a file lexnames that Debian's package lacks, and gets a made-up one.
"""

import csv
import os
import random
import sys
import tempfile

from nltk.corpus.reader.wordnet import WordNetCorpusReader

dict_folder = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
licence, nouns = [], {}
for line in open(os.path.join(dict_folder, "data.noun"), encoding="utf-8"):
    if line.startswith("  "):
        licence.append(line.strip().split(" ", 1)[1] if " " in line.strip() else "")
        continue
    f = line.split(" ")
    words = int(f[3], 16)
    at = 4 + 2 * words
    parents = []
    for k in range(at + 1, at + 1 + 4 * int(f[at]), 4):
        if f[k] in ("@", "@i"):
            parents.append("n" + f[k + 1])
    nouns["n" + f[0]] = (f[4].replace("_", " "), sorted(parents))

classes = [row["wnid"] for row in csv.DictReader(open(os.path.join(here, "..", "classes.csv")))]
above, todo = set(), list(classes)
while todo:
    wnid = todo.pop()
    if wnid not in above:
        above.add(wnid)
        todo += nouns[wnid][1]
with open(os.path.join(here, "..", "hierarchy.txt"), "w") as out:
    out.write("# The nouns above the 1,000 classes of ILSVRC 2012 in WordNet 3.0: id, hypernyms, first word.\n#\n")
    out.writelines(("# " + line).rstrip() + "\n" for line in licence)
    for wnid in sorted(above):
        out.write("\t".join([wnid, ",".join(nouns[wnid][1]), nouns[wnid][0]]) + "\n")



def wup(x, y, lcs):
    depth = lcs.max_depth() + 1
    return 2.0 * depth / (x.shortest_path_distance(lcs) + y.shortest_path_distance(lcs) + 2 * depth)


with tempfile.TemporaryDirectory() as tmp:
    for name in os.listdir(dict_folder):
        if os.path.isfile(os.path.join(dict_folder, name)):
            os.symlink(os.path.join(dict_folder, name), os.path.join(tmp, name))
    with open(os.path.join(tmp, "lexnames"), "w") as out:
        out.writelines("%02d\tlex%d\t1\n" % (i, i) for i in range(45))
    wordnet = WordNetCorpusReader(tmp, None)
    synset = {w: wordnet.synset_from_pos_and_offset("n", int(w[1:])) for w in classes}
    rng = random.Random(1)
    pairs = [("n03877845", "n02980441")]  # palace and castle, the paper's Table 1
    pairs += [tuple(rng.sample(classes, 2)) for _ in range(1500)]
    near = sorted(classes)
    pairs += [(near[i], near[i + d]) for i in range(0, 990, 2) for d in (1, 3)]
    pairs.append((classes[7], classes[7]))
    with open(os.path.join(here, "hierarchy.csv"), "w") as out:
        same = 0
        out.write("a,b,path,wup,lcs,lcs_depth\n")
        for a, b in pairs:
            x, y = synset[a], synset[b]
            common = x.lowest_common_hypernyms(y, simulate_root=False)
            lcs = "|".join("n%08d" % s.offset() for s in common)
            depths = "|".join(str(s.max_depth()) for s in common)
            wups = ["%.9f" % wup(x, y, s) for s in common]
            same += abs(float(wups[0]) - x.wup_similarity(y)) < 1e-9
            out.write("%s,%s,%.9f,%s,%s,%s\n" % (a, b, x.path_similarity(y), "|".join(wups), lcs, depths))
    print("wup_similarity takes the same subsumer, or one as good, for %d of %d pairs" % (same, len(pairs)))
