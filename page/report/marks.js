
// The marks of outcomes and of the two pairs, which tell them apart without colour.
const marks = (() => {
  const { drawing } = dom;

  const shapes = {
    right: () => drawing("circle", { class: "stroke", cx: 6, cy: 6, r: 4.2 }),
    wrong: () => drawing("path", { class: "stroke", d: "M2 2L10 10M10 2L2 10" }),
    tie: () => drawing("path", { class: "stroke", d: "M2 4.5H10M2 7.5H10" }),
    related: () => drawing("circle", { class: "related-point", cx: 6, cy: 6, r: 4 }),
    unrelated: () => drawing("path", { class: "unrelated-point", d: "M6 1.5L10.5 6L6 10.5L1.5 6Z" }),
  };

  const glyph = (name) => drawing("svg", { class: "glyph", viewBox: "0 0 12 12", "aria-hidden": "true" }, shapes[name]());

  return { glyph };
})();
