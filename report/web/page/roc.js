"use strict";

// On the ROC curves: which threshold stands under the pointer, and the pair
// whose similarity it is. The plot's frame is that of newROCFigure.
const frame = { left: 46, right: 410, top: 10, bottom: 374 };

function startROC() {
  const svg = document.querySelector(".roc-plot");
  const dot = svg.appendChild(drawing("circle", { class: "ring now", r: 6, visibility: "hidden" }));
  let thresholds;
  const under = (event) => nearest(thresholds ??= run.models.flatMap(rocPoints), inDrawing(svg, event), 40);
  svg.addEventListener("pointermove", (event) => {
    const point = under(event);
    highlight(point?.model.name);
    dot.setAttribute("visibility", point ? "visible" : "hidden");
    if (!point) return hideHover();
    dot.setAttribute("cx", point.x);
    dot.setAttribute("cy", point.y);
    showHover(event, point.i, [point.model], `${point.model.name}: ${run.measure} of at least ${decimal(point.threshold)} finds ${percent(point.found)} of related pairs and calls ${percent(point.false)} of unrelated ones related`);
  });
  svg.addEventListener("pointerleave", () => {
    hideHover();
    highlight();
    dot.setAttribute("visibility", "hidden");
  });
  svg.addEventListener("click", (event) => {
    const point = under(event);
    if (!point) return;
    pins.add(point.i);
    change({ a: point.model.name, at: run.triplets.ids[point.i] });
  });
  for (const row of document.querySelectorAll(".key tbody tr")) {
    row.addEventListener("pointerenter", () => highlight(row.dataset.model));
    row.addEventListener("pointerleave", () => highlight());
  }
}

// rocPoints are the corners of a model's curve, highest threshold first; equal
// similarities make one corner.
function rocPoints(model) {
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

function highlight(name) {
  for (const marked of document.querySelectorAll(".roc [data-model]")) {
    marked.classList.toggle("dimmed", name !== undefined && marked.dataset.model !== name);
  }
}
