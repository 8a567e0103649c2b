
// Tables that a reader keeps as a CSV file. A text that a spreadsheet would take for
// a formula gets an apostrophe, as package spreadsheet has it; akin takes it away again.
const csv = (() => {
  const formula = /^[\t\r]|^[ \n]*[=+\-@＝＋－＠]/;
  const number = /^[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf)$/i;
  const risky = (text) => formula.test(text) && !number.test(text);
  const inert = (text) => (risky(text.replace(/^'+/, "")) ? "'" + text : text);
  const quoted = (text) => (/[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
  const cell = (text) => quoted(inert(text));
  const table = (rows) => rows.map((row) => row.map(cell).join(",") + "\n").join("");

  function download(name, rows) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([table(rows)], { type: "text/csv" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return { download, inert };
})();
