
// The chosen triplet in every model, and the pinned ones.
const detail = (() => {
  const { byId, element, bidi } = dom;
  const { decimal, signed, probability } = numbers;
  const { glyph } = marks;
  const { run, roles, outcome, margin } = data;
  const { picture, triplet, label, mark, tags, track, inWords, ratings } = card;
  const { chosen, pins, listeners, change, togglePin, modelA } = view;
  const { current } = selection;

  function start() {
    byId("close").addEventListener("click", () => change({ at: "" }));
    byId("pin").addEventListener("click", () => togglePin(current()));
    listeners.push(showDetail, showPins);
  }

  function showDetail() {
    const i = current();
    const aside = byId("detail");
    aside.hidden = i < 0;
    aside.classList.toggle("chosen", chosen.at !== "");
    if (i < 0) return;
    byId("pin").textContent = pins.has(i) ? "Unpin" : "Pin";
    byId("pin").setAttribute("aria-pressed", pins.has(i));
    byId("detail-body").replaceChildren(
      element("p", { class: "tags" }, element("code", { class: "id" }, bidi(run.triplets.ids[i])), tags(i)),
      triplet(i, undefined, true),
      ...ratings(i),
      modelsTable(i),
      ...classes(modelA(), i));
  }

  function modelsTable(i) {
    const heading = (text) => element("th", { scope: "col" }, text);
    return element("table", { class: "models" },
      element("thead", {}, element("tr", {}, heading("model"), heading("match"), heading(run.measure), heading("margin"))),
      element("tbody", {}, run.models.map((model) => element("tr", { class: model.name === chosen.a ? "is-a" : false },
        element("th", { scope: "row" }, bidi(model.name)),
        element("td", {}, mark(model, i)),
        element("td", { class: "both" }, track(model, i), element("span", {}, glyph("related"), decimal(model.related[i]), " ", glyph("unrelated"), decimal(model.unrelated[i]))),
        element("td", {}, signed(margin(model, i)))))));
  }

  // classes is what a model's own classifier calls the three pictures.
  function classes(model, i) {
    const tops = run.triplets.pictures[i].map((number) => model.top?.[number]);
    if (!tops.some((top) => top?.length)) return [];
    const list = (top) => element("ol", {}, Array.from({ length: (top?.length ?? 0) / 2 }, (_, k) =>
      element("li", {}, run.classes[top[2 * k]], " ", element("span", { class: "quiet-text" }, probability(top[2 * k + 1]) + " %"))));
    return [
      element("h4", {}, "Likeliest classes, ", bidi(model.name)),
      element("div", { class: "classes" }, tops.map((top, k) => element("div", {}, element("span", { class: "role" }, roles[k]), list(top)))),
    ];
  }

  function showPins() {
    byId("pins").hidden = pins.size === 0;
    byId("pin-list").replaceChildren(...[...pins].map((i) => element("li", { class: i === current() ? "now" : false },
      pinButton(i),
      unpinButton(i))));
  }

  function pinButton(i) {
    const button = element("button", { type: "button", "aria-label": "show " + inWords(modelA(), i) },
      roles.map((_, role) => Object.assign(picture(i, role), { alt: "" })), element("span", {}, glyph(outcome(modelA(), i)), bidi(label(i, 0))));
    button.addEventListener("click", () => change({ at: run.triplets.ids[i] }));
    return button;
  }

  function unpinButton(i) {
    const button = element("button", { type: "button", class: "unpin", "aria-label": "unpin " + label(i, 0) }, "×");
    button.addEventListener("click", () => togglePin(i));
    return button;
  }

  return { start };
})();
