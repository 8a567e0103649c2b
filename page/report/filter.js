
// The form that chooses which triplets are shown: each field carries the view's
// name of what it sets.
const filter = (() => {
  const { all, byId, element } = dom;
  const { share } = numbers;
  const { run, tripletCount, values, errorOf } = data;
  const { shows, orders } = criteria;
  const { chosen, listeners, standard, change, modelA, modelB } = view;
  const { passing } = selection;

  function start() {
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
      change({ ...standard(), a, b, scale, sort });
    });
    for (const preset of all(".presets [data-show]")) {
      preset.addEventListener("click", () => change({ show: preset.dataset.show, order: preset.dataset.order, at: "" }));
    }
    listeners.push(() => showFilters(form, Object.keys(options)));
  }

  function showFilters(form, names) {
    for (const name of names) form.elements[name].value = chosen[name];
    if (form.elements.q.value !== chosen.q) form.elements.q.value = chosen.q;
    for (const preset of all(".presets [data-show]")) {
      preset.setAttribute("aria-pressed", preset.dataset.show === chosen.show && preset.dataset.order === chosen.order);
    }
    const triplets = passing();
    const errors = triplets.length === 0 ? [] : [...new Set([modelA(), modelB()])].map((model, k) =>
      (k ? ", " : "") + "AB"[k] + " errs in " + share(errorOf(model, triplets), triplets.length) + " %");
    byId("count").replaceChildren(
      element("strong", {}, triplets.length + " of " + tripletCount), " shown ", element("span", {}, ...errors));
  }

  return { start };
})();
