
// By what a reader may choose and order triplets.
const criteria = (() => {
  const { margin, spread } = data;

  // What the outcomes of models A and B must be for a triplet to be shown.
  const shows = {
    "all": ["all", () => true],
    "right": ["A right", (a) => a === "r"],
    "wrong": ["A wrong", (a) => a === "w"],
    "tie": ["A ties", (a) => a === "t"],
    "only-a": ["A right, B wrong", (a, b) => a === "r" && b === "w"],
    "only-b": ["A wrong, B right", (a, b) => a === "w" && b === "r"],
    "both-right": ["both right", (a, b) => a === "r" && b === "r"],
    "both-wrong": ["both wrong", (a, b) => a === "w" && b === "w"],
  };

  // By what the shown triplets are ordered, least first. Margins of two models
  // are compared in standard deviations, since their similarities are not comparable.
  const orders = {
    "right": ["A’s clearest right", (i, a) => -margin(a, i)],
    "wrong": ["A’s clearest wrong", (i, a) => margin(a, i)],
    "close": ["A’s closest calls", (i, a) => Math.abs(margin(a, i))],
    "differ": ["where A beats B most", (i, a, b) => margin(b, i) / spread(b) - margin(a, i) / spread(a)],
    "set": ["the set’s order", (i) => i],
  };

  return { shows, orders };
})();
