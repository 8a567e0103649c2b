
// The view is all that a reader has chosen. The address holds it, so that a
// link opens the same view again.
const view = (() => {
  const { run, modelNamed } = data;
  const { shows, orders } = criteria;

  const chosen = {};
  const pins = new Set(); // triplets by place
  const listeners = [];
  let standard; // what an address without a view shows

  // The standard view is the headline's model against the one that the run names second.
  function standardView() {
    const first = modelNamed(run.best);
    const second = modelNamed(run.second) ?? first;
    return {
      a: first.name, b: second.name, show: "all", relation: "", distractor: "", q: "",
      order: "right", scale: "", sort: "", at: "",
    };
  }

  // accepts says whether a value from an address means something in this run.
  const accepts = {
    a: modelNamed,
    b: modelNamed,
    show: (value) => Object.hasOwn(shows, value),
    order: (value) => Object.hasOwn(orders, value),
    relation: (value) => run.triplets.relations.includes(value),
    distractor: (value) => run.triplets.distractors.includes(value),
    scale: (value) => run.scales.some((scale) => scale.name === value),
    at: (value) => run.triplets.ids.includes(value),
    q: () => true,
    sort: (value) => /^\d+-?$/.test(value),
  };

  function readAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    standard ??= standardView();
    Object.assign(chosen, standard);
    for (const name of Object.keys(chosen)) {
      const value = given.get(name);
      if (value !== null && accepts[name](value)) chosen[name] = value;
    }
    pins.clear();
    for (const id of given.getAll("pin")) {
      const i = run.triplets.ids.indexOf(id);
      if (i >= 0) pins.add(i);
    }
  }

  function writeAddress() {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(chosen)) {
      if (value !== standard[name]) parameters.set(name, value);
    }
    for (const i of pins) parameters.append("pin", run.triplets.ids[i]);
    const text = parameters.toString();
    history.replaceState(null, "", text === "" ? location.pathname + location.search : "#" + text);
  }

  let writing; // browsers throttle an address that changes with every key

  // change alters the view and lets every part of the page follow.
  function change(values) {
    Object.assign(chosen, values);
    follow();
  }

  function follow() {
    clearTimeout(writing);
    writing = setTimeout(writeAddress, 120);
    for (const listener of listeners) listener();
  }

  function togglePin(i) {
    if (!pins.delete(i)) pins.add(i);
    follow();
  }

  const modelA = () => modelNamed(chosen.a);
  const modelB = () => modelNamed(chosen.b);

  return { chosen, pins, listeners, standard: () => standard, readAddress, change, follow, togglePin, modelA, modelB };
})();
