
// Shows single judgements beside a model's choice.
const tasks = (() => {
  const { byId, element, bidi } = dom;
  const { decimal } = numbers;
  const source = byId("data");
  if (!source) return {};
  const data = JSON.parse(source.textContent);
  const form = byId("filter"), list = byId("cases");
  const votes = data.task === "votes";

  // left is the places a model leaves over, or of votes those it chooses.
  function left([ab, ac, bc]) {
    const score = votes ? [-Infinity, ab, ac] : [bc, ac, ab];
    const most = Math.max(...score);
    return [0, 1, 2].filter((k) => score[k] === most);
  }

  // people is the places that people chose.
  function people(trial) {
    if (!votes) return [2];
    const [l, r] = trial.votes;
    return l > r ? [1] : r > l ? [2] : [1, 2];
  }

  const agree = (trial, model) => {
    const own = left(trial.similarities[model]), theirs = people(trial);
    if (own.length > 1) return "tie";
    return theirs.includes(own[0]) ? "with" : "against";
  };

  function figure(trial, model, k) {
    const own = left(trial.similarities[model]).includes(k), theirs = people(trial).includes(k);
    const what = votes ? ["target", ...trial.votes.map((n) => `${n} vote${n === 1 ? "" : "s"}`)][k] : "";
    const word = votes ? "chosen" : "left over";
    const said = [theirs && (votes ? "people" : `people: ${word}`), own && (votes ? `model: ${word}` : `model: ${word}`)].filter(Boolean).join(", ");
    const number = trial.pictures[k];
    const picture = data.files[number]
      ? element("img", { src: data.files[number], alt: data.labels[number] })
      : element("span", { class: "missing" }, "not found");
    return element("figure", { class: `${theirs ? "people" : ""} ${own ? "model" : ""}` }, picture,
      element("figcaption", {}, bidi(data.labels[number]), element("span", { class: "role" }, [what, said].filter(Boolean).join(" · "))));
  }

  function card(trial, model) {
    const [ab, ac, bc] = trial.similarities[model];
    const text = votes ? `similarity to the left ${decimal(ab)}, to the right ${decimal(ac)}`
      : `similarities: 1 and 2 ${decimal(ab)}, 1 and 3 ${decimal(ac)}, 2 and 3 ${decimal(bc)}`;
    return element("li", {}, element("div", { class: "three" }, [0, 1, 2].map((k) => figure(trial, model, k))),
      element("p", { class: "verdict" }, `row ${trial.row} · ${text}`));
  }

  function update() {
    const wanted = new FormData(form), model = Number(wanted.get("model"));
    const words = wanted.get("words").toLowerCase().split(/\s+/);
    const fits = (t) => (!wanted.get("choice") || agree(t, model) === wanted.get("choice")) &&
      words.every((w) => t.pictures.some((n) => data.labels[n].toLowerCase().includes(w)));
    const shown = data.trials.filter(fits);
    list.replaceChildren(...shown.map((t) => card(t, model)));
    byId("count").textContent = `${shown.length} of ${data.trials.length} shown`;
  }

  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  update();
  return { agree };
})();
