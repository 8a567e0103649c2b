
// Numbers as package notation writes them: a test holds both to one table. A dash
// stands where there is none.
const numbers = (() => {
  // amount writes so many decimals. What rounds to zero has no sign; half-way cases
  // go to the even digit, where toFixed leaves zero.
  function amount(value, digits) {
    if (value == null) return "–";
    const size = Math.abs(value);
    let text = size.toFixed(digits);
    if (/[13579]$/.test(text) && halfway(size, digits)) text = text.slice(0, -1) + (text.at(-1) - 1);
    return value < 0 && Number(text) !== 0 ? "-" + text : text;
  }

  // halfway tells by thirty decimals, which show every binary fraction that is half-way.
  const halfway = (size, digits) => /^50*$/.test(size.toFixed(30).split(".")[1].slice(digits));

  const decimals = (value, digits) => amount(value, digits).replace(/^(-?)0\./, "$1.");

  const decimal = (value) => decimals(value, 3);
  const coarse = (value) => decimals(value, 2);
  const signed = (value) => (value > 0 && /[1-9]/.test(decimal(value)) ? "+" : "") + decimal(value);

  // share is a share of n triplets in per cent, with the decimals that n supports.
  const share = (value, n) => amount(100 * value, n < 100 ? 0 : 1);

  // probability is in per cent, with two decimals below 10.
  function probability(value) {
    if (value < 0.0001) return "<0.01";
    return amount(100 * value, value < 0.1 ? 2 : 1);
  }

  return { decimal, coarse, signed, share, probability };
})();
