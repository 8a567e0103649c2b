"use strict";

// What the outcomes of models A and B must be for a triplet to be shown.
const shows = {
  "all": ["all", () => true],
  "right": ["A right", (a) => a === "r"],
  "wrong": ["A wrong", (a) => a === "w"],
  "tie": ["A ties", (a) => a === "t"],
  "only-a": ["A right, B wrong", (a, b) => a === "r" && b === "w"],
  "only-b": ["A wrong, B right", (a, b) => a === "w" && b === "r"],
  "both-right": ["both right", (a, b) => a === "r" && b === "r"],
  "both-wrong": ["both wrong", (a, b) => a === "w" && b === "w"],
};

// By what the shown triplets are ordered, least first. Margins of two models
// are compared in standard deviations, since their similarities are not comparable.
const orders = {
  "right": ["A’s clearest right", (i, a) => -margin(a, i)],
  "wrong": ["A’s clearest wrong", (i, a) => margin(a, i)],
  "close": ["A’s closest calls", (i, a) => Math.abs(margin(a, i))],
  "differ": ["where A beats B most", (i, a, b) => margin(b, i) / spread(b) - margin(a, i) / spread(a)],
  "set": ["the set’s order", (i) => i],
};

let known = { key: "", triplets: [] }; // the last answer of passing

// passing lists the triplets that the view shows, by place, in its order.
function passing() {
  const { a, b, show, relation, distractor, q, order } = chosen;
  const key = JSON.stringify([a, b, show, relation, distractor, q, order]);
  if (known.key !== key) known = { key, triplets: select() };
  return known.triplets;
}

function select() {
  const [a, b] = [modelA(), modelB()];
  const { ids, labels, relations, distractors } = run.triplets;
  const words = chosen.q.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = shows[chosen.show][1];
  const shown = [];
  for (let i = 0; i < tripletCount; i++) {
    if (chosen.relation !== "" && relations[i] !== chosen.relation) continue;
    if (chosen.distractor !== "" && distractors[i] !== chosen.distractor) continue;
    if (!fits(a.outcomes[i], b.outcomes[i])) continue;
    const text = [ids[i], ...labels[i]].join("\n").toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    shown.push(i);
  }
  const rank = new Map(shown.map((i) => [i, orders[chosen.order][1](i, a, b)]));
  return shown.sort((i, k) => rank.get(i) - rank.get(k) || i - k);
}

const filtered = () => passing().length < tripletCount;

// Controls: each form field carries the view's name of what it sets.
function startFilters() {
  const form = byId("view");
  const options = {
    a: run.models.map((model) => [model.name, model.name]),
    b: run.models.map((model) => [model.name, model.name]),
    show: Object.entries(shows).map(([key, [text]]) => [key, text]),
    order: Object.entries(orders).map(([key, [text]]) => [key, text]),
    relation: [["", "all"], ...values(run.triplets.relations).map((value) => [value, value])],
    distractor: [["", "all"], ...values(run.triplets.distractors).map((value) => [value, value])],
  };
  for (const [name, list] of Object.entries(options)) {
    const select = form.elements[name];
    select.append(...list.map(([value, text]) => element("option", { value }, text)));
    select.closest("label").hidden = list.length < 2 || (name === "b" && run.models.length < 2);
    select.addEventListener("change", () => change({ [name]: select.value, at: "" }));
  }
  form.elements.q.addEventListener("input", () => change({ q: form.elements.q.value, at: "" }));
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    const { a, b, scale, sort } = chosen;
    change({ ...standard, a, b, scale, sort });
  });
  for (const preset of form.querySelectorAll("[data-show]")) {
    preset.addEventListener("click", () => change({ show: preset.dataset.show, order: preset.dataset.order, at: "" }));
  }
  listeners.push(() => showFilters(form, Object.keys(options)));
}

function showFilters(form, names) {
  for (const name of names) form.elements[name].value = chosen[name];
  if (form.elements.q.value !== chosen.q) form.elements.q.value = chosen.q;
  for (const preset of form.querySelectorAll("[data-show]")) {
    preset.setAttribute("aria-pressed", preset.dataset.show === chosen.show && preset.dataset.order === chosen.order);
  }
  const triplets = passing();
  const errors = triplets.length === 0 ? [] : [...new Set([modelA(), modelB()])].map((model) =>
    [" · ", bidi(model.name), " errs in " + percent(errorOf(model, triplets))]).flat();
  byId("count").replaceChildren(
    element("strong", {}, triplets.length + " of " + tripletCount), " triplets shown", ...errors);
}
