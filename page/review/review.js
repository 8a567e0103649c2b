
// A person's decisions on triplets, one at a time. They outlive the page where
// the browser lets them, by the hash of each triplet's pictures: a set composed again
// takes over those that still concern it.
const review = (() => {
  const { byId, all } = dom;

  const { set, digest, triplets, decisions: [keep, refuse, drop], earlier } = JSON.parse(byId("content").textContent);
  const keys = { k: keep, r: refuse, d: drop };
  const store = `akin review of ${set} ${digest}`;
  let stored = kept.read(store) ?? Object.assign({}, ...kept.others(`akin review of ${set} `, store));
  let decisions = triplets.map(decided);
  const past = []; // places with what was decided there before, for undo
  let place = Math.max(0, decisions.indexOf(null));

  // decided is what was said of a triplet before; null: nothing.
  function decided(triplet) {
    const before = stored[triplet.key];
    if (before === undefined && triplet.kept) return { decision: keep, reason: triplet.reason };
    return before && Object.values(keys).includes(before.decision) ? { decision: before.decision, reason: String(before.reason || "") } : null;
  }

  function write() {
    triplets.forEach((triplet, i) => {
      if (decisions[i] || triplet.kept || triplet.key in stored) stored[triplet.key] = decisions[i];
    });
    kept.write(store, stored);
  }

  function show() {
    const triplet = triplets[place];
    const { decision, reason } = decisions[place] ?? { decision: "", reason: "" };
    triplet.sources.forEach((source, i) => {
      byId("p" + i).src = source.split("/").map(encodeURIComponent).join("/");
      byId("l" + i).textContent = triplet.labels[i];
    });
    byId("place").textContent = `triplet ${place + 1} of ${triplets.length}`;
    byId("judged").max = triplets.length;
    byId("judged").value = decisions.filter(Boolean).length;
    byId("done").textContent = `${decisions.filter(Boolean).length} decided`;
    byId("axes").textContent = `${triplet.relation}, distractor: ${triplet.distractor}`;
    byId("why").textContent = triplet.why;
    byId("decision").textContent = decision;
    byId("decision").dataset.decision = decision;
    byId("reason").value = reason;
  }

  const move = (by) => { place = Math.max(0, Math.min(triplets.length - 1, place + by)); };

  function decide(decision) {
    past.push([place, decisions[place]]);
    decisions[place] = { decision, reason: byId("reason").value };
    move(1);
  }

  function undo() {
    if (past.length > 0) [place, decisions[place]] = past.pop();
  }

  function save() {
    const rows = triplets.flatMap((triplet, i) => {
      if (!decisions[i]) return [];
      const { decision, reason } = decisions[i];
      return [[triplet.target, triplet.related, decision === drop ? "" : triplet.unrelated, triplet.distractor, decision, reason]];
    });
    csv.download("review.csv", [["target", "related", "unrelated", "distractor", "decision", "reason"], ...earlier, ...rows]);
  }

  function press(key) {
    if (Object.hasOwn(keys, key)) decide(keys[key]);
    else if (key === "u") undo();
    else if (key === "n" || key === "ArrowRight") move(1);
    else if (key === "p" || key === "ArrowLeft") move(-1);
    else if (key === "s") return save();
    else return;
    write();
    show();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target !== byId("reason")) press(event.key);
    else if (event.key === "Enter") event.target.blur();
  });
  for (const button of all("[data-key]")) button.addEventListener("click", () => press(button.dataset.key));
  byId("reason").addEventListener("change", () => {
    if (!decisions[place]) return;
    decisions[place].reason = byId("reason").value;
    write();
  });
  kept.explain(store, () => {
    stored = {};
    decisions = triplets.map(decided);
    past.length = 0;
    show();
  });
  show();
})();
