"use strict";

// On the ROC curves: which threshold stands under the pointer, and the pair
// whose similarity it is. The plot's frame is that of newROCFigure.
const frame = { left: 46, right: 410, top: 10, bottom: 374 };

function startROC() {
  for (const row of document.querySelectorAll(".key tbody tr")) {
    row.addEventListener("pointerenter", () => highlight(row.dataset.model));
    row.addEventListener("pointerleave", () => highlight());
  }
  if (run.sampled) return; // the curves have more pairs than the page knows
  const svg = document.querySelector(".roc-plot");
  const dot = svg.appendChild(drawing("circle", { class: "ring now", r: 6, visibility: "hidden" }));
  let thresholds;
  const under = (event) => nearest(thresholds ??= run.models.flatMap(rocPoints), inDrawing(svg, event), 40);
  const show = (point, event) => {
    highlight(point?.model.name);
    dot.setAttribute("visibility", point ? "visible" : "hidden");
    if (!point) return hideHover();
    dot.setAttribute("cx", point.x);
    dot.setAttribute("cy", point.y);
    showHover(event, point.i, [point.model], inWordsROC(point));
  };
  svg.addEventListener("pointermove", (event) => show(under(event), event));
  svg.addEventListener("pointerleave", () => show());
  svg.addEventListener("click", (event) => {
    const point = under(event);
    if (!point) return;
    pins.add(point.i);
    change({ a: point.model.name, at: run.triplets.ids[point.i] });
  });
  startROCKeys(svg, show);
}

const inWordsROC = ({ model, threshold, found, false: wrongly }) =>
  `${model.name}: ${run.measure} of at least ${decimal(threshold)} finds ${percent(found)} of related pairs and calls ${percent(wrongly)} of unrelated ones related`;

// startROCKeys lets arrow keys walk along the curve of model A.
function startROCKeys(svg, show) {
  const holder = svg.parentElement;
  furnish(holder, { tabindex: 0, role: "group", "aria-label": "ROC curves; arrow keys walk along that of model A" }, []);
  let at = 0;
  holder.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const curve = rocPoints(modelA());
    at = Math.max(0, Math.min(curve.length - 1, at + by));
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    show(curve[at], { clientX: box.left + curve[at].x * scale, clientY: box.top + curve[at].y * scale });
  });
  holder.addEventListener("blur", () => show());
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
