
// What a person said, kept by this browser under a name until it is forgotten.
const kept = (() => {
  const { byId } = dom;

  // A page without storage, as in a private window, keeps nothing.
  const works = (() => {
    try {
      localStorage.setItem("akin", "");
      localStorage.removeItem("akin");
      return true;
    } catch { return false; }
  })();

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  }

  function write(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* the export is all there is */ }
  }

  // others are what is kept under other names that begin alike.
  const others = (start, but) => (works ? Object.keys(localStorage).filter((name) => name.startsWith(start) && name !== but).map(read) : []);

  // explain says in the element #kept where judgements are, and how they are forgotten.
  function explain(name, onForget) {
    const place = byId("kept");
    if (!works) {
      place.textContent = "This browser keeps nothing when the page is closed: save the file before.";
      return;
    }
    const button = dom.element("button", { type: "button", id: "forget" }, "Forget them");
    button.addEventListener("click", () => {
      localStorage.removeItem(name);
      onForget();
    });
    place.replaceChildren("What you judge is kept in this browser on this computer, in its storage for this page, under the name ",
      dom.element("code", {}, name), ". It is sent nowhere, and stays when the page is closed. ", button);
  }

  return { works, read, write, others, explain };
})();
