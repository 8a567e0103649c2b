// The page is complete without this script; it only adds comfort.
"use strict";

// Sorting: a click on a column's name sorts by it, a second click turns it round.
for (const heading of document.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  button.addEventListener("click", () => sortBy(heading));
  heading.append(button);
}

function sortBy(heading) {
  const descending = heading.getAttribute("aria-sort") === "ascending";
  const body = heading.closest("table").tBodies[0];
  const value = (row) => row.cells[heading.cellIndex].dataset.value;
  const compare = heading.dataset.sort === "number"
    ? (a, b) => value(a) - value(b)
    : (a, b) => (value(a) < value(b) ? -1 : Number(value(a) > value(b)));
  const rows = [...body.rows];
  const known = rows.filter((row) => value(row) !== "").sort(compare);
  if (descending) known.reverse();
  body.append(...known, ...rows.filter((row) => value(row) === ""));
  for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
}

// Printing shows every model's cases.
const closed = [];
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    closed.push(details);
    details.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const details of closed.splice(0)) details.open = false;
});
