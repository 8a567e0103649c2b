
// On the ROC curves: which threshold stands under the pointer, and the pair
// whose similarity it is. roc.go draws them.
const roc = (() => {
  const { all, drawing, furnish } = dom;
  const { decimal, share } = numbers;
  const { run, tripletCount } = data;
  const { chosen, pins, listeners, change, modelA } = view;

  const frame = run.roc; // where the plot stands in its drawing

  function start() {
    listeners.push(follow);
    for (const row of all(".key tbody tr")) {
      row.addEventListener("pointerenter", () => highlight(row.dataset.model));
      row.addEventListener("pointerleave", () => highlight());
    }
    if (run.sampled) return; // the curves have more pairs than the page knows
    const svg = document.querySelector(".roc-plot");
    const dot = svg.appendChild(drawing("circle", { class: "ring now", r: 6, visibility: "hidden" }));
    let thresholds;
    const under = (event) => hover.nearest(thresholds ??= run.models.flatMap((model) => points(model)), hover.inDrawing(svg, event), 40);
    const show = (point, event) => {
      highlight(point?.model.name);
      dot.setAttribute("visibility", point ? "visible" : "hidden");
      if (!point) return hover.hide();
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point.y);
      hover.show(svg, event, point.i, [point.model], inWords(point));
    };
    svg.addEventListener("pointermove", (event) => show(under(event), event));
    svg.addEventListener("pointerleave", () => show());
    svg.addEventListener("click", (event) => {
      const point = under(event);
      if (!point) return;
      pins.add(point.i);
      change({ a: point.model.name, at: run.triplets.ids[point.i] });
    });
    startKeys(svg, show);
  }

  const inWords = ({ model, threshold, found, false: wrongly }) =>
    `${model.name}: ${run.measure} of at least ${decimal(threshold)} finds ${share(found, tripletCount)} % of related pairs and calls ${share(wrongly, tripletCount)} % of unrelated ones related`;

  // startKeys lets arrow keys walk along the curve of model A.
  function startKeys(svg, show) {
    const holder = svg.parentElement;
    furnish(holder, { tabindex: 0, role: "group", "aria-label": "ROC curves; arrow keys walk along that of model A" }, []);
    let at = 0;
    holder.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const curve = points(modelA());
      at = Math.max(0, Math.min(curve.length - 1, at + by));
      const box = svg.getBoundingClientRect();
      const scale = box.width / svg.viewBox.baseVal.width;
      show(curve[at], { clientX: box.left + curve[at].x * scale, clientY: box.top + curve[at].y * scale });
    });
    holder.addEventListener("blur", () => show());
  }

  // points are the corners of a model's curve, highest threshold first; equal
  // similarities make one corner.
  function points(model) {
    const pairs = [];
    for (let i = 0; i < tripletCount; i++) {
      pairs.push({ i, value: model.related[i], related: 1 }, { i, value: model.unrelated[i], related: 0 });
    }
    pairs.sort((a, b) => b.value - a.value);
    let found = 0;
    return pairs.flatMap(({ i, value, related }, k) => {
      found += related;
      if (k + 1 < pairs.length && pairs[k + 1].value === value) return [];
      const shares = { found: found / tripletCount, false: (k + 1 - found) / tripletCount };
      return [{
        model, i, threshold: value, ...shares,
        x: frame.left + (frame.right - frame.left) * shares.false,
        y: frame.bottom + (frame.top - frame.bottom) * shares.found,
      }];
    });
  }

  // follow gives the colours to models A and B.
  function follow() {
    for (const marked of all(".roc [data-model]")) {
      const name = marked.dataset.model;
      const curve = marked.matches(".curve") ? marked : marked.querySelector(".curve");
      curve.classList.toggle("first", name === chosen.a);
      curve.classList.toggle("second", name === chosen.b && name !== chosen.a);
      curve.classList.toggle("quiet", name !== chosen.a && name !== chosen.b);
    }
  }

  function highlight(name) {
    for (const marked of all(".roc [data-model]")) {
      marked.classList.toggle("dimmed", name !== undefined && marked.dataset.model !== name);
      if (marked.matches(".curve")) marked.classList.toggle("pointed", marked.dataset.model === name);
    }
  }

  return { start, points, inWords };
})();
