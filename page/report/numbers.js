
// Numbers and outcomes as a reader sees them.
const numbers = (() => {
  const { drawing } = dom;

  // decimal writes a number as package words does, without the zero before the
  // point and without a sign on what rounds to zero; a dash where there is none.
  function decimal(value, digits = 3, signed = false) {
    if (value == null) return "–";
    const text = Math.abs(value).toFixed(digits).replace(/^0\./, ".");
    if (Number(text) === 0) return text;
    if (value < 0) return "-" + text;
    return signed ? "+" + text : text;
  }

  const percent = (share) => (100 * share).toFixed(1) + " %";

  // share writes a share of n triplets with the decimals that n supports, as package
  // words does.
  const share = (value, n) => (100 * value).toFixed(n < 100 ? 0 : 1) + " %";

  const marks = {
    right: () => drawing("circle", { class: "stroke", cx: 6, cy: 6, r: 4.2 }),
    wrong: () => drawing("path", { class: "stroke", d: "M2 2L10 10M10 2L2 10" }),
    tie: () => drawing("path", { class: "stroke", d: "M2 4.5H10M2 7.5H10" }),
    related: () => drawing("circle", { class: "related-point", cx: 6, cy: 6, r: 4 }),
    unrelated: () => drawing("path", { class: "unrelated-point", d: "M6 1.5L10.5 6L6 10.5L1.5 6Z" }),
  };

  const glyph = (name) => drawing("svg", { class: "glyph", viewBox: "0 0 12 12", "aria-hidden": "true" }, marks[name]());

  return { decimal, percent, share, glyph };
})();
