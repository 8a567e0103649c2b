
// Tables that a reader keeps as a CSV file.
const csv = (() => {
  const cell = (text) => (/[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
  const table = (rows) => rows.map((row) => row.map(cell).join(",") + "\n").join("");

  function download(name, rows) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([table(rows)], { type: "text/csv" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return { download };
})();
