
// Shows the triplets that fit relation, distractor and every word.
const gallery = (() => {
  const { byId, all } = dom;

  const form = byId("filter");
  const cards = all("main li");

  const fits = (card, wanted) =>
    ["relation", "distractor"].every((axis) => !wanted.get(axis) || card.dataset[axis] === wanted.get(axis)) &&
    wanted.get("words").toLowerCase().split(/\s+/).every((word) => card.dataset.words.includes(word));

  const update = () => {
    const wanted = new FormData(form);
    let shown = 0;
    for (const card of cards) {
      card.hidden = !fits(card, wanted);
      shown += !card.hidden;
    }
    byId("count").textContent = `${shown} of ${cards.length} triplets`;
    byId("none").hidden = shown > 0;
  };

  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update)); // after the fields are empty
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  update();
})();
