"use strict";

// element makes an HTML element. Children that are strings become text: nothing
// of a set's own words is ever read as markup.
function element(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

function drawing(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null));
  return node;
}

function byId(id) {
  return document.getElementById(id);
}

// bidi keeps a label's own direction from turning the words around it.
const bidi = (text, attributes) => element("bdi", attributes, text);

// decimal writes a number with its sign as people read it; a dash where there is none.
function decimal(value, digits = 3, signed = false) {
  if (value == null) return "–";
  const text = Math.abs(value).toFixed(digits);
  if (value < 0) return "−" + text;
  return signed ? "+" + text : text;
}

const percent = (share) => (100 * share).toFixed(1) + " %";

const marks = {
  right: () => drawing("circle", { class: "stroke", cx: 6, cy: 6, r: 4.2 }),
  wrong: () => drawing("path", { class: "stroke", d: "M2 2L10 10M10 2L2 10" }),
  tie: () => drawing("path", { class: "stroke", d: "M2 4.5H10M2 7.5H10" }),
  related: () => drawing("circle", { class: "related-point", cx: 6, cy: 6, r: 4 }),
  unrelated: () => drawing("path", { class: "unrelated-point", d: "M6 1.5L10.5 6L6 10.5L1.5 6Z" }),
};

const glyph = (name) => drawing("svg", { class: "glyph", viewBox: "0 0 12 12", "aria-hidden": "true" }, marks[name]());
