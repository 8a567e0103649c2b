"use strict";

// The page is complete without its script but for the charts; the script puts
// every triplet, or a large set's sample, in the place of the clearest cases.
document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.add("scripted");
  byId("explore").hidden = false;
  readAddress();
  startTables();
  startROC();
  startFilters();
  startCharts();
  startList();
  startDetail();
  startKeys();
  startPrinting();
  const linked = location.hash.length > 1;
  follow();
  if (linked && chosen.at === "") byId("explore").scrollIntoView();
  else if (linked) byId("detail").scrollIntoView();
  window.addEventListener("hashchange", () => {
    readAddress();
    follow();
  });
});

// Printing opens what is folded.
function startPrinting() {
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
}
