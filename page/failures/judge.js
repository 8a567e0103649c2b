
// A person's verdicts on failures, one at a time, by keys or buttons. They outlive the
// page, under the hash of the pictures and classes that it shows.
const judge = (() => {
  const { byId, all } = dom;

  const samples = all(".sample");
  const buttons = all("[data-verdict]");
  const name = byId("kept").dataset.name;
  const known = new Set(buttons.map((button) => button.dataset.verdict));
  let verdicts = restored();
  let place = Math.max(0, verdicts.indexOf(""));

  function restored() {
    const before = kept.read(name);
    return samples.map((_, i) => (Array.isArray(before) && known.has(before[i]) ? before[i] : ""));
  }

  function show(i) {
    place = Math.max(0, Math.min(samples.length - 1, i));
    samples.forEach((sample, k) => { sample.hidden = k !== place; });
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.verdict === verdicts[place]);
    const judged = verdicts.filter(Boolean).length;
    const rest = samples.length - judged;
    byId("place").textContent = `picture ${place + 1} of ${samples.length}, ` + (rest ? `${rest} to judge` : "all judged: download the CSV");
    byId("judged").value = judged;
    byId("download").classList.toggle("ready", rest === 0);
  }

  function give(verdict) {
    verdicts[place] = verdict;
    kept.write(name, verdicts);
    show(place + 1);
  }

  const rows = () => samples.map(({ dataset }, i) => [dataset.path, dataset.truth, dataset.predicted, dataset.rule, verdicts[i]]);

  for (const button of buttons) button.addEventListener("click", () => give(button.dataset.verdict));
  byId("back").addEventListener("click", () => show(place - 1));
  byId("next").addEventListener("click", () => show(place + 1));
  byId("download").addEventListener("click", () => csv.download("review.csv", [["path", "truth", "predicted", "rule", "verdict"], ...rows()]));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const number = Number(event.key);
    if (number >= 1 && number <= buttons.length) give(buttons[number - 1].dataset.verdict);
    else if (event.key === "ArrowLeft") show(place - 1);
    else if (event.key === "ArrowRight") show(place + 1);
  });
  window.addEventListener("beforeunload", (event) => { if (!kept.works && verdicts.some(Boolean)) event.preventDefault(); });
  kept.explain(name, () => {
    verdicts = samples.map(() => "");
    show(0);
  });
  show(place);
})();
