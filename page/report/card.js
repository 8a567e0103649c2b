
// A triplet as cards show it.
const card = (() => {
  const { element, drawing, bidi } = dom;
  const { decimal, coarse, signed } = numbers;
  const { glyph } = marks;
  const { run, roles, outcome, margin, thumbnail } = data;

  const label = (i, role) => run.triplets.labels[i][role];

  // picture is one picture of a triplet; in full where a server can give it.
  function picture(i, role, full = false) {
    const number = run.triplets.pictures[i][role];
    const url = thumbnail(number);
    if (url === "") {
      return element("span", { class: "picture missing", role: "img", "aria-label": label(i, role) + ", not found" }, "not found");
    }
    const image = element("img", { class: "picture", src: full && run.fullSize ? run.fullSize + number : url, alt: label(i, role), decoding: "async" });
    if (!full || !run.fullSize) return image;
    return element("a", { class: "full", href: run.fullSize + number, target: "_blank", rel: "noopener" }, image);
  }

  // triplet is the three pictures with their labels and, below, what notes say of each.
  function triplet(i, notes = ["", "", ""], full = false) {
    return element("div", { class: "triplet" }, roles.map((role, k) => element("div", {},
      picture(i, k, full),
      element("span", { class: "role" }, role),
      bidi(label(i, k), { class: "label" }),
      element("span", { class: "number" }, notes[k]))));
  }

  const similarities = (model, i) => [
    "margin " + signed(margin(model, i)),
    element("span", {}, glyph("related"), decimal(model.related[i])),
    element("span", {}, glyph("unrelated"), decimal(model.unrelated[i])),
  ];

  function mark(model, i) {
    const result = outcome(model, i);
    return element("span", { class: "mark" }, glyph(result), result);
  }

  function tags(i) {
    const { relations, distractors } = run.triplets;
    return [
      relations[i] && element("span", { class: "tag", "data-relation": relations[i] }, bidi(relations[i])),
      distractors[i] && element("span", { class: "tag" }, bidi(distractors[i]), " distractor"),
    ].filter(Boolean);
  }

  // track places both similarities on the model's scale of all of them.
  function track(model, i) {
    const { low, high, from, to } = model.scale;
    const at = (value) => from + (to - from) * ((value - low) / (high - low));
    const [related, unrelated] = [at(model.related[i]), at(model.unrelated[i])];
    return drawing("svg", { class: "track", viewBox: "0 0 200 14", "aria-hidden": "true" },
      drawing("path", { class: "rule", d: `M${from} 7H${to}M${from} 4V10M${to} 4V10` }),
      drawing("path", { class: "gap", d: `M${related} 7H${unrelated}` }),
      drawing("circle", { class: "related-point", cx: related, cy: 7, r: 4 }),
      drawing("path", { class: "unrelated-point", d: "M0 -5L5 0L0 5L-5 0Z", transform: `translate(${unrelated} 7)` }));
  }

  // inWords is a triplet for those who hear the page.
  function inWords(model, i) {
    const [target, related, unrelated] = run.triplets.labels[i];
    return `${target}: ${related}, not ${unrelated}. ${model.name} ${outcome(model, i)}, margin ${signed(margin(model, i))}`;
  }

  function ratings(i) {
    return run.scales.flatMap((scale) => {
      const given = [[scale.related[i], "related"], [scale.unrelated[i], "unrelated"]].filter(([value]) => value != null);
      if (given.length === 0) return [];
      return [element("p", { class: "ratings" }, "people’s rating", scale.name && [" (", bidi(scale.name), ")"].map((part) => part) || "", ": ",
        given.map(([value, role], k) => [k ? ", " : "", role + " " + coarse(value)]).flat())];
    });
  }

  return { picture, triplet, label, similarities, mark, tags, track, inWords, ratings };
})();
