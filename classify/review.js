"use strict";
const samples = [...document.querySelectorAll(".sample")];
const buttons = [...document.querySelectorAll("[data-verdict]")];
const verdicts = samples.map(() => "");
let at = 0;

function show(i) {
  at = Math.max(0, Math.min(samples.length - 1, i));
  samples.forEach((s, k) => { s.hidden = k !== at; });
  buttons.forEach(b => b.setAttribute("aria-pressed", String(b.dataset.verdict === verdicts[at])));
  const judged = verdicts.filter(Boolean).length;
  const rest = samples.length - judged;
  document.getElementById("place").textContent = `picture ${at + 1} of ${samples.length}, ` + (rest ? `${rest} to judge` : "all judged: download the CSV");
  document.getElementById("judged").value = judged;
  document.getElementById("download").classList.toggle("ready", rest === 0);
}

function judge(verdict) {
  verdicts[at] = verdict;
  show(at + 1);
}

function field(text) {
  return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

function table() {
  const rows = samples.map((s, i) => [s.dataset.path, s.dataset.truth, s.dataset.predicted, s.dataset.rule, verdicts[i]]);
  return [["path", "truth", "predicted", "rule", "verdict"], ...rows].map(r => r.map(field).join(",") + "\n").join("");
}

buttons.forEach(b => b.addEventListener("click", () => judge(b.dataset.verdict)));
document.getElementById("back").addEventListener("click", () => show(at - 1));
document.getElementById("forth").addEventListener("click", () => show(at + 1));
document.getElementById("download").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([table()], { type: "text/csv" }));
  link.download = "review.csv";
  link.click();
  URL.revokeObjectURL(link.href);
});
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const n = Number(e.key);
  if (n >= 1 && n <= buttons.length) judge(buttons[n - 1].dataset.verdict);
  else if (e.key === "ArrowLeft") show(at - 1);
  else if (e.key === "ArrowRight") show(at + 1);
});
window.addEventListener("beforeunload", e => { if (verdicts.some(Boolean)) e.preventDefault(); });
show(0);
