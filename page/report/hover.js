
// The hover card shows the triplet under the pointer; keyboard and screen
// reader get the same from the list and the chosen triplet. It stands beside the
// figure it is about.
const hover = (() => {
  const { byId, element, bidi } = dom;
  const { decimal, signed } = numbers;
  const { glyph } = marks;
  const { margin } = data;
  const { triplet, mark, tags, ratings } = card;

  function show(figure, event, i, models, line) {
    const card = byId("hover");
    card.replaceChildren(
      ...(line ? [element("p", { class: "line" }, line)] : []),
      triplet(i),
      ...[...new Set(models)].map((model) => element("p", { class: "said" },
        mark(model, i), bidi(model.name), element("span", {}, glyph("related"), decimal(model.related[i])),
        element("span", {}, glyph("unrelated"), decimal(model.unrelated[i])), "margin " + signed(margin(model, i)))),
      ...ratings(i),
      element("p", { class: "tags" }, tags(i)));
    card.hidden = false;
    const { left, top } = place(card.getBoundingClientRect(), event, figure.getBoundingClientRect());
    card.style.left = left + "px";
    card.style.top = top + "px";
  }

  // place puts the card beside the figure, so that it covers none of its marks: to the
  // right or left, else below or above, where there is most room.
  function place({ width, height }, { clientX, clientY }, figure) {
    const gap = 10;
    const [right, bottom] = [document.documentElement.clientWidth, window.innerHeight];
    const within = (value, size, end) => Math.max(8, Math.min(value, end - size - 8));
    const rooms = [
      [right - figure.right - width, () => [figure.right + gap, clientY - height / 2]],
      [figure.left - width, () => [figure.left - gap - width, clientY - height / 2]],
      [bottom - figure.bottom - height, () => [clientX - width / 2, figure.bottom + gap]],
      [figure.top - height, () => [clientX - width / 2, figure.top - gap - height]],
    ];
    const fits = rooms.find(([room]) => room >= gap + 8) ?? rooms.reduce((most, room) => (room[0] > most[0] ? room : most));
    const [left, top] = fits[1]();
    return { left: within(left, width, right), top: within(top, height, bottom) };
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
