
// The list makes cards only as the reader comes to them.
const list = (() => {
  const { byId, element, bidi } = dom;
  const { run } = data;
  const { triplet, similarities, mark, tags, track } = card;
  const { pins, listeners, change, modelA } = view;
  const { passing, current, key } = selection;

  const step = 24;
  let listed = []; // places of the triplets whose cards stand in the list

  function start() {
    const cards = byId("list");
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) extend();
    }, { rootMargin: "600px" }).observe(byId("more"));
    cards.addEventListener("click", (event) => {
      const card = event.target.closest(".case");
      if (card) change({ at: run.triplets.ids[card.dataset.triplet] });
    });
    cards.addEventListener("dblclick", (event) => {
      const card = event.target.closest(".case");
      if (card) togglePin(Number(card.dataset.triplet));
    });
    listeners.push(showList);
  }

  let listKey;

  function showList() {
    const triplets = passing();
    if (listKey !== key()) {
      listKey = key();
      listed = [];
      byId("list").replaceChildren();
      extend();
    }
    byId("empty").hidden = triplets.length > 0;
    const now = current();
    while (!listed.includes(now) && triplets.includes(now)) extend();
    for (const card of byId("list").children) {
      const i = Number(card.dataset.triplet);
      card.setAttribute("aria-selected", i === now);
      card.tabIndex = i === now ? 0 : -1;
      card.classList.toggle("pinned", pins.has(i));
    }
  }

  function extend() {
    const next = passing().slice(listed.length, listed.length + step);
    byId("list").append(...next.map(entry));
    listed.push(...next);
    byId("more").hidden = listed.length === passing().length;
  }

  function entry(i) {
    const a = modelA();
    return element("li", {
      class: "case", role: "option", tabindex: -1, "data-triplet": i, "aria-selected": "false",
    }, element("p", { class: "tags" }, mark(a, i), tags(i)), triplet(i, similarities(a, i)), track(a, i),
    element("code", { class: "id" }, bidi(run.triplets.ids[i])));
  }

  // move goes a number of triplets on in the list.
  function move(by) {
    const triplets = passing();
    if (triplets.length === 0) return;
    const from = triplets.indexOf(current());
    const to = from < 0 ? 0 : Math.max(0, Math.min(triplets.length - 1, from + by));
    change({ at: run.triplets.ids[triplets[to]] });
    const card = byId("list").querySelector("[aria-selected=true]");
    if (byId("list").contains(document.activeElement)) card.focus({ preventScroll: true });
    if (byId("figures").contains(document.activeElement)) charts.pointOut();
    else card.scrollIntoView({ block: "nearest" });
  }

  return { start, move };
})();
