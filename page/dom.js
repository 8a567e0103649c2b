
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

  // whenNear calls once: when a node comes near the window, the reader first uses a
  // key or the pointer, or the page prints.
  function whenNear(node, call) {
    const done = new AbortController();
    const begin = () => {
      if (done.signal.aborted) return;
      done.abort();
      near.disconnect();
      call();
    };
    const near = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) begin();
    }, { rootMargin: "1000px" });
    near.observe(node);
    for (const use of ["keydown", "pointerdown"]) window.addEventListener(use, begin, { capture: true, signal: done.signal });
    whenPrinted(begin);
  }

  // whenPrinted calls before the page prints, or looks as on paper.
  function whenPrinted(call) {
    window.addEventListener("beforeprint", call);
    matchMedia("print").addEventListener("change", ({ matches }) => matches && call());
  }

  return { byId, all, element, drawing, furnish, bidi, whenNear, whenPrinted };
})();
