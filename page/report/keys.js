
// Keys, listed for the reader in the dialog #help.
const keys = (() => {
  const { byId } = dom;
  const { tripletCount } = data;
  const { chosen, change, togglePin } = view;
  const { current } = selection;

  function start() {
    const help = byId("help");
    byId("help-open").addEventListener("click", () => help.showModal());
    byId("help-close").addEventListener("click", () => help.close());
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
      if (event.target.matches("input, select, textarea")) return;
      const action = actionFor(event.key, event.target);
      if (!action) return;
      event.preventDefault();
      action();
    });
  }

  function actionFor(key, target) {
    const browsing = target.closest("#list, #figures") && !target.closest("button, select");
    switch (key) {
      case "j": return () => list.move(1);
      case "k": return () => list.move(-1);
      case "p": return () => current() >= 0 && togglePin(current());
      case "/": return () => byId("view").elements.q.focus();
      case "?": return () => byId("help").showModal();
      case "Escape": return chosen.at !== "" && (() => change({ at: "" }));
    }
    if (!browsing) return undefined;
    switch (key) {
      case "ArrowDown": case "ArrowRight": return () => list.move(1);
      case "ArrowUp": case "ArrowLeft": return () => list.move(-1);
      case "Home": return () => list.move(-tripletCount);
      case "End": return () => list.move(tripletCount);
      case "Enter": case " ": return () => current() >= 0 && togglePin(current());
    }
    return undefined;
  }

  return { start };
})();
