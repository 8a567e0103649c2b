
// What the page knows of the run: columns by triplet, see data.go.
const data = (() => {
  const { byId } = dom;

  const run = JSON.parse(byId("data").textContent);
  const tripletCount = run.triplets.ids.length;
  const roles = ["target", "related", "unrelated"];
  const outcomes = { r: "right", w: "wrong", t: "tie" };

  const outcome = (model, i) => outcomes[model.outcomes[i]];
  const margin = (model, i) => model.related[i] - model.unrelated[i];
  const modelNamed = (name) => run.models.find((model) => model.name === name);

  let packed; // the thumbnails that do not stand in the page's markup
  let cases;
  const gaps = new Set(run.gaps);

  // thumbnail is the data: URL of a picture's number, empty where it cannot be shown.
  function thumbnail(number) {
    if (gaps.has(number)) return "";
    const placed = byId("picture-" + number) ?? clearestCases().getElementById("picture-" + number);
    if (placed) return placed.getAttribute("href");
    packed ??= JSON.parse(byId("pictures").textContent);
    return packed[number];
  }

  // clearestCases are what readers see without a script, and on paper, with its pictures.
  // A browser with scripts keeps them as text, so that the page is sooner ready.
  function clearestCases() {
    return (cases ??= new DOMParser().parseFromString(byId("cases").textContent, "text/html"));
  }

  function placeCases() {
    byId("cases")?.replaceWith(...clearestCases().body.childNodes);
  }

  // spread is the standard deviation of a model's margins, kept once computed.
  function spread(model) {
    if (!model.spread) {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < tripletCount; i++) {
        sum += margin(model, i);
        squares += margin(model, i) ** 2;
      }
      model.spread = Math.sqrt(squares / tripletCount - (sum / tripletCount) ** 2) || 1;
    }
    return model.spread;
  }

  // values lists what stands in a column, each once, empty ones left out.
  const values = (column) => [...new Set(column)].filter((value) => value !== "");

  // errorOf is the matching error over some triplets, each counted as the run counts it.
  function errorOf(model, triplets) {
    const errors = triplets.map((i) => run.errors[model.outcomes[i]]).filter((error) => error != null);
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  }

  return { run, tripletCount, roles, outcome, margin, modelNamed, thumbnail, placeCases, spread, values, errorOf };
})();
