
// What a scatter plot says, in words.
const correlation = (() => {
  const { coarse } = numbers;
  const { run, roles } = data;

  // describe puts points in words. A pair that serves several triplets
  // counts once; pairs still share pictures, so that no interval stands here.
  function describe(shown) {
    const points = [...new Map(shown.map((point) => [pairOf(point), point])).values()];
    if (points.length < 3) return `${points.length} pairs`;
    const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)];
    return `Over the ${points.length} different pairs shown: Pearson r ${coarse(pearson(x, y))}, Spearman ρ ${coarse(pearson(ranks(x), ranks(y)))}. A description, no test: pairs share pictures.`;
  }

  const pairOf = ({ i, role }) => [run.triplets.pictures[i][0], run.triplets.pictures[i][roles.indexOf(role)]].sort().join();

  function pearson(x, y) {
    const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const [mx, my] = [mean(x), mean(y)];
    let [xy, xx, yy] = [0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      xy += (x[i] - mx) * (y[i] - my);
      xx += (x[i] - mx) ** 2;
      yy += (y[i] - my) ** 2;
    }
    return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
  }

  // ranks gives equal values their mean rank.
  function ranks(list) {
    const order = list.map((_, i) => i).sort((a, b) => list[a] - list[b]);
    const ranked = new Array(list.length);
    for (let from = 0, to; from < order.length; from = to) {
      for (to = from + 1; to < order.length && list[order[to]] === list[order[from]]; to++);
      for (let k = from; k < to; k++) ranked[order[k]] = (from + to - 1) / 2;
    }
    return ranked;
  }

  return { describe };
})();
