
// Elements of a document. Strings become text: nothing of a set's own words is
// ever read as markup.
const dom = (() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];

  const element = (tag, attributes = {}, ...children) => furnish(document.createElement(tag), attributes, children);
  const drawing = (tag, attributes = {}, ...children) => furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

  // furnish gives an element attributes and children; false and null leave an attribute out.
  function furnish(node, attributes, children = []) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((child) => child != null));
    return node;
  }

  // bidi keeps a label's own direction from turning the words around it.
  const bidi = (text, attributes) => element("bdi", attributes, text);

  return { byId, all, element, drawing, furnish, bidi };
})();
