
// Two scatter plots of the shown triplets, drawn by Observable Plot where the
// page carries it: ratings against similarity, and model against model.
// Shape and colour tell related (circle) from unrelated (diamond); filled is a
// right match, hollow a wrong one or a tie.
const charts = (() => {
  const { byId, element, drawing, bidi } = dom;
  const { run, tripletCount } = data;
  const { chosen, pins, listeners, change, modelA, modelB } = view;
  const { passing, filtered, current, key } = selection;

  const pairLooks = {
    related: { symbol: "circle", stroke: "var(--related)" },
    unrelated: { symbol: "diamond", stroke: "var(--unrelated)" },
  };

  const drawn = [];

  function start() {
    if (!library()) return;
    if (run.scales.length > 0) drawn.push(ratingChart());
    if (run.models.length > 1) drawn.push(modelChart());
    byId("figures").hidden = drawn.length === 0;
    for (const chart of drawn) startChart(chart);
    listeners.push(() => drawn.forEach(drawChart));
    new ResizeObserver(() => drawn.forEach(drawChart)).observe(byId("figures"));
  }

  // library starts Observable Plot, which the page carries as text until a chart is
  // drawn; it may lack it.
  function library() {
    const text = byId("library");
    if (text && typeof Plot === "undefined") document.head.append(element("script", {}, text.textContent));
    return typeof Plot !== "undefined";
  }

  // ratingChart is Figure 4 of arXiv 1709.03806.
  function ratingChart() {
    const select = byId("scale");
    select.append(...run.scales.map((scale) => element("option", { value: scale.name }, scale.name || "mean rating")));
    select.closest("label").hidden = run.scales.length < 2;
    select.addEventListener("change", () => change({ scale: select.value }));
    const scale = () => run.scales.find((given) => given.name === chosen.scale) ?? run.scales[0];
    return {
      node: byId("ratings"),
      caption: () => {
        select.value = scale().name;
        return ["People’s mean rating of a pair against its ", run.measure, " in ", bidi(chosen.a), "."];
      },
      models: () => [modelA()],
      axes: () => ["mean rating" + (scale().name ? ", " + scale().name : ""), `${run.measure} in ${chosen.a}`],
      key: () => scale().name,
      point: (i, role) => [scale()[role][i], modelA()[role][i]],
    };
  }

  // modelChart is Figure 5a of arXiv 1709.03806.
  function modelChart() {
    return {
      node: byId("two-models"),
      caption: () => ["Every pair’s ", run.measure, " in ", bidi(chosen.b), " against that in ", bidi(chosen.a), "."],
      models: () => [modelA(), modelB()],
      axes: () => [`${run.measure} in ${chosen.a}`, `${run.measure} in ${chosen.b}`],
      key: () => "",
      point: (i, role) => [modelA()[role][i], modelB()[role][i]],
    };
  }

  function startChart(chart) {
    const { node } = chart;
    node.hidden = false;
    const plot = node.querySelector(".plot");
    plot.addEventListener("pointermove", (event) => {
      const point = chart.svg && hover.nearest(chart.points, hover.inDrawing(chart.svg, event));
      ring(chart, point ? point.i : -1);
      if (point) hover.show(chart.svg, event, point.i, chart.models());
      else hover.hide();
    });
    plot.addEventListener("pointerleave", () => {
      hover.hide();
      ring(chart, -1);
    });
    plot.addEventListener("blur", hover.hide);
    plot.addEventListener("click", (event) => {
      const point = hover.nearest(chart.points, hover.inDrawing(chart.svg, event));
      if (!point) return;
      pins.add(point.i);
      change({ at: run.triplets.ids[point.i] });
    });
  }

  // pointOut shows the current triplet's card at its mark in a figure that has the
  // focus, so that the keyboard shows what the pointer does.
  function pointOut() {
    const chart = drawn.find(({ node }) => node.contains(document.activeElement));
    const point = chart?.points.find(({ i }) => i === current());
    if (!point) return hover.hide();
    const box = chart.svg.getBoundingClientRect();
    const scale = box.width / chart.svg.viewBox.baseVal.width;
    hover.show(chart.svg, { clientX: box.left + point.x * scale, clientY: box.top + point.y * scale }, point.i, chart.models());
  }

  // dataPoints are the points of some triplets, those without a value left out.
  function dataPoints(chart, triplets) {
    return triplets.flatMap((i) => Object.keys(pairLooks).map((role) => {
      const [x, y] = chart.point(i, role);
      return { i, role, x, y };
    })).filter(({ x, y }) => x != null && y != null);
  }

  function drawChart(chart) {
    const plot = chart.node.querySelector(".plot");
    const width = Math.round(plot.clientWidth);
    if (width === 0) return;
    const state = JSON.stringify([key(), chart.key(), width, chosen.a, chosen.b]);
    if (chart.drawn !== state) {
      chart.drawn = state;
      redraw(chart, plot, width);
    }
    ring(chart, -1);
  }

  function redraw(chart, plot, width) {
    const all = dataPoints(chart, [...Array(tripletCount).keys()]);
    const shown = dataPoints(chart, passing());
    const [x, y] = chart.axes();
    const svg = Plot.plot({
      className: "chart", width, height: Math.min(Math.round(width * 0.85), 460), marginLeft: 52, marginBottom: 40, marginTop: 24, inset: 8,
      ariaLabel: `${y} against ${x}`, ariaDescription: `${shown.length} pairs of ${passing().length} triplets`,
      x: { domain: extent(all, "x"), label: shortLabel(x), nice: true }, y: { domain: extent(all, "y"), label: shortLabel(y), nice: true },
      marks: [
        Plot.gridX({ stroke: "var(--faint)", strokeOpacity: 1 }), Plot.gridY({ stroke: "var(--faint)", strokeOpacity: 1 }),
        filtered() ? Plot.dot(all, { x: "x", y: "y", r: 1.8, fill: "var(--quiet)", fillOpacity: 0.45 }) : null,
        ...Object.entries(pairLooks).flatMap(([role, look]) => [
          Plot.dot(shown.filter((point) => point.role === role && !isRight(point)), { x: "x", y: "y", r: 3.2, strokeWidth: 1.4, fill: "var(--paper)", fillOpacity: 0.5, ...look }),
          Plot.dot(shown.filter((point) => point.role === role && isRight(point)), { x: "x", y: "y", r: 3.2, strokeWidth: 1.4, fill: look.stroke, fillOpacity: 0.75, ...look }),
        ]),
      ],
    });
    svg.querySelector("style").remove(); // the page's policy allows only its own; charts.css has these rules
    for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label"); // only the whole is an image with a name
    svg.setAttribute("role", "img");
    chart.svg = svg;
    chart.points = shown.map((point) => ({ ...point, x: svg.scale("x").apply(point.x), y: svg.scale("y").apply(point.y) }));
    chart.rings = svg.appendChild(drawing("g"));
    plot.replaceChildren(svg);
    chart.node.querySelector("figcaption").replaceChildren(...chart.caption());
    chart.node.querySelector(".note").textContent = correlation.describe(shown);
  }

  const isRight = ({ i }) => modelA().outcomes[i] === "r";
  const shortLabel = (text) => (text.length > 60 ? text.slice(0, 59) + "…" : text);

  function extent(points, axis) {
    const list = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...list), Math.max(...list)];
    return low < high ? [low, high] : [low - 0.5, high + 0.5];
  }

  // ring marks the triplet under the pointer, the chosen one and the pinned ones,
  // and joins the two pairs of each.
  function ring(chart, hovered) {
    if (!chart.rings) return;
    const about = new Map([...pins].map((i) => [i, "pinned"]));
    if (chosen.at !== "") about.set(current(), "now");
    if (hovered >= 0) about.set(hovered, "now");
    chart.rings.replaceChildren(...[...about].flatMap(([i, kind]) => {
      const pair = chart.points.filter((point) => point.i === i);
      const rings = pair.map(({ x, y }) => drawing("circle", { class: "ring " + kind, cx: x, cy: y, r: 7 }));
      if (pair.length === 2) rings.push(drawing("path", { class: "join " + kind, d: `M${pair[0].x} ${pair[0].y}L${pair[1].x} ${pair[1].y}` }));
      return rings;
    }));
  }

  return { start, pointOut, drawn };
})();
