
// The page is complete without its script but for the charts; the script puts
// every triplet, or a large set's sample, in the place of the clearest cases.
const start = (() => {
  const { all, byId, whenNear, whenPrinted } = dom;
  const { placeCases } = data;
  const { chosen, readAddress, follow } = view;

  // openForPrint opens what is folded while the page prints.
  function openForPrint() {
    const closed = [];
    window.addEventListener("beforeprint", () => {
      // The figures for independent triplets stay folded: one p for each error.
      for (const details of all("details:not([open]):not(.independent)")) {
        closed.push(details);
        details.open = true;
      }
    });
    window.addEventListener("afterprint", () => {
      for (const details of closed.splice(0)) details.open = false;
    });
  }

  document.documentElement.classList.add("scripted");
  byId("explore").hidden = false;
  readAddress();
  for (const part of [contents, table, roc, keys]) part.start();
  whenNear(byId("explore"), () => {
    for (const part of [filter, charts, list, detail]) part.start();
    follow();
  });
  whenPrinted(placeCases);
  openForPrint();
  const linked = location.hash.length > 1;
  follow();
  if (linked && chosen.at === "") byId("explore").scrollIntoView();
  else if (linked) byId("detail").scrollIntoView();
  window.addEventListener("hashchange", () => {
    readAddress();
    follow();
  });
})();
