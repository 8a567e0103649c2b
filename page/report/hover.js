
// The hover card shows the triplet under the pointer; keyboard and screen
// reader get the same from the list and the chosen triplet.
const hover = (() => {
  const { byId, element, bidi } = dom;
  const { decimal, glyph } = numbers;
  const { margin } = data;
  const { triplet, mark, tags, ratings } = card;

  function show(event, i, models, line) {
    const card = byId("hover");
    card.replaceChildren(
      ...(line ? [element("p", { class: "line" }, line)] : []),
      triplet(i),
      ...[...new Set(models)].map((model) => element("p", { class: "said" },
        mark(model, i), bidi(model.name), element("span", {}, glyph("related"), decimal(model.related[i])),
        element("span", {}, glyph("unrelated"), decimal(model.unrelated[i])), "margin " + decimal(margin(model, i), 3, true))),
      ...ratings(i),
      element("p", { class: "tags" }, tags(i)));
    card.hidden = false;
    const { width, height } = card.getBoundingClientRect();
    const beside = event.clientX + 18 + width < document.documentElement.clientWidth;
    card.style.left = Math.max(8, beside ? event.clientX + 18 : event.clientX - 18 - width) + "px";
    card.style.top = Math.max(8, Math.min(event.clientY - height / 2, window.innerHeight - height - 8)) + "px";
  }

  const hide = () => { byId("hover").hidden = true; };

  // inDrawing is a pointer's place in the units of an SVG.
  function inDrawing(svg, event) {
    const box = svg.getBoundingClientRect();
    const { width, height } = svg.viewBox.baseVal;
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  // nearest is the point within reach of a place, of those with x and y in an SVG's units.
  function nearest(points, [x, y], reach = 28) {
    let [best, least] = [undefined, reach * reach];
    for (const point of points) {
      const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
      if (distance < least) [best, least] = [point, distance];
    }
    return best;
  }

  return { show, hide, inDrawing, nearest };
})();
