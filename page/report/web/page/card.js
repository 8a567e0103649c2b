"use strict";

const bareLabel = (i, role) => run.triplets.labels[i][role];

// plate is one picture of a triplet; in full where a server can give it.
function plate(i, role, full = false) {
  const number = run.triplets.pictures[i][role];
  const label = bareLabel(i, role);
  const url = thumbnail(number);
  if (url === "") {
    return element("span", { class: "plate missing", role: "img", "aria-label": label + ", not found" }, "not found");
  }
  const image = element("img", { class: "plate", src: full && run.fullSize ? run.fullSize + number : url, alt: label, decoding: "async" });
  if (!full || !run.fullSize) return image;
  return element("a", { class: "full", href: run.fullSize + number, target: "_blank", rel: "noopener" }, image);
}

// trial is the three pictures with their labels and, below, what numbers says of each.
function trial(i, numbers = ["", "", ""], full = false) {
  return element("div", { class: "trial" }, roles.map((role, k) => element("div", {},
    plate(i, k, full),
    element("span", { class: "role" }, role),
    bidi(bareLabel(i, k), { class: "label" }),
    element("span", { class: "number" }, numbers[k]))));
}

const similarities = (model, i) => [
  "margin " + decimal(margin(model, i), 3, true),
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
    relations[i] && element("span", { class: "tag" }, bidi(relations[i])),
    distractors[i] && element("span", { class: "tag" }, bidi(distractors[i]), " distractor"),
  ].filter(Boolean);
}

// track places both similarities on the scale of all those of the model.
function track(model, i) {
  const [low, high] = range(model);
  const at = (value) => 8 + 184 * ((value - low) / (high - low || 1));
  const [related, unrelated] = [at(model.related[i]), at(model.unrelated[i])];
  return drawing("svg", { class: "track", viewBox: "0 0 200 14", "aria-hidden": "true" },
    drawing("path", { class: "rule", d: "M8 7H192M8 4V10M192 4V10" }),
    drawing("path", { class: "gap", d: `M${related} 7H${unrelated}` }),
    drawing("circle", { class: "related-point", cx: related, cy: 7, r: 4 }),
    drawing("path", { class: "unrelated-point", d: "M0 -5L5 0L0 5L-5 0Z", transform: `translate(${unrelated} 7)` }));
}

// inWords is a triplet for those who hear the page.
function inWords(model, i) {
  const [target, related, unrelated] = run.triplets.labels[i];
  return `${target}: ${related}, not ${unrelated}. ${model.name} ${outcome(model, i)}, margin ${decimal(margin(model, i), 3, true)}`;
}

function ratings(i) {
  return run.scales.flatMap((scale) => {
    const given = [[scale.related[i], "related"], [scale.unrelated[i], "unrelated"]].filter(([value]) => value != null);
    if (given.length === 0) return [];
    return [element("p", { class: "ratings" }, "people’s rating", scale.name && [" (", bidi(scale.name), ")"].map((part) => part) || "", ": ",
      given.map(([value, role], k) => [k ? ", " : "", role + " " + decimal(value, 2)]).flat())];
  });
}
