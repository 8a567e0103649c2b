
// Sorting: a click on a column's name sorts by it, a second click turns it round.
const table = (() => {
  const { all, byId, element } = dom;
  const { chosen, listeners, change } = view;

  function start() {
    for (const heading of all("th[data-sort]")) {
      const button = element("button", { type: "button" }, [...heading.childNodes]);
      button.addEventListener("click", () => {
        const descending = heading.getAttribute("aria-sort") === "ascending";
        change({ sort: heading.cellIndex + (descending ? "-" : "") });
      });
      heading.append(button);
    }
    const frame = all(".summary")[0].parentElement;
    new ResizeObserver(() => frame.classList.toggle("fits", frame.scrollWidth <= frame.clientWidth)).observe(frame);
    let shown = "";
    listeners.push(() => {
      if (chosen.sort === shown) return;
      shown = chosen.sort;
      const heading = all(".summary thead tr:last-child > *")[parseInt(shown, 10)];
      if (heading?.dataset.sort) sortBy(heading, shown.endsWith("-"));
    });
    for (const button of all("button[data-failures]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        change({ a: button.dataset.failures, show: "wrong", order: "wrong", at: "" });
        byId("explore").scrollIntoView();
      });
    }
  }

  function sortBy(heading, descending) {
    const body = heading.closest("table").tBodies[0];
    const value = (row) => row.cells[heading.cellIndex].dataset.value;
    const compare = heading.dataset.sort === "number"
      ? (a, b) => value(a) - value(b)
      : (a, b) => (value(a) < value(b) ? -1 : Number(value(a) > value(b)));
    // The forms of a network stay under it, sorted among themselves.
    const sorted = (rows) => {
      const valued = rows.filter((row) => value(row) !== "").sort(compare);
      if (descending) valued.reverse();
      return [...valued, ...rows.filter((row) => value(row) === "")];
    };
    const [forms, networks] = [true, false].map((form) => sorted([...body.rows].filter((row) => row.classList.contains("variant") === form)));
    body.append(...networks.flatMap((row) => [row, ...forms.filter((form) => form.dataset.group === row.dataset.group)]));
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  return { start };
})();
