
// The triplets that the view shows.
const selection = (() => {
  const { run, tripletCount } = data;
  const { shows, orders } = criteria;
  const { chosen, modelA, modelB } = view;

  let known = { key: "", triplets: [] }; // the last answer of passing

  // passing lists the triplets that the view shows, by place, in its order.
  function passing() {
    const { a, b, show, relation, distractor, q, order } = chosen;
    const key = JSON.stringify([a, b, show, relation, distractor, q, order]);
    if (known.key !== key) known = { key, triplets: select() };
    return known.triplets;
  }

  function select() {
    const [a, b] = [modelA(), modelB()];
    const { ids, labels, relations, distractors } = run.triplets;
    const words = chosen.q.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = shows[chosen.show][1];
    const shown = [];
    for (let i = 0; i < tripletCount; i++) {
      if (chosen.relation !== "" && relations[i] !== chosen.relation) continue;
      if (chosen.distractor !== "" && distractors[i] !== chosen.distractor) continue;
      if (!fits(a.outcomes[i], b.outcomes[i])) continue;
      const text = [ids[i], ...labels[i]].join("\n").toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      shown.push(i);
    }
    const rank = new Map(shown.map((i) => [i, orders[chosen.order][1](i, a, b)]));
    return shown.sort((i, k) => rank.get(i) - rank.get(k) || i - k);
  }

  const filtered = () => passing().length < tripletCount;

  // current is the chosen triplet's place, or that of the first shown; -1 for none.
  function current() {
    if (chosen.at !== "") return run.triplets.ids.indexOf(chosen.at);
    return passing()[0] ?? -1;
  }

  // key changes with what passes.
  const key = () => {
    passing();
    return known.key;
  };

  return { passing, filtered, current, key };
})();
