
// The contents mark the section that is read, and lead there without touching the
// address, which holds the view.
const contents = (() => {
  const { all, byId } = dom;

  function start() {
    const links = all(".contents a").filter((link) => byId(link.hash.slice(1))); // the clearest cases are for readers without a script
    const sections = links.map((link) => byId(link.hash.slice(1)).closest("section, footer"));
    links.forEach((link, k) => link.addEventListener("click", (event) => {
      event.preventDefault();
      sections[k].scrollIntoView();
    }));
    const reading = new Set();
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) reading.add(target);
        else reading.delete(target);
      }
      const now = sections.findIndex((section) => reading.has(section));
      links.forEach((link, k) => {
        if (k === now) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }, { rootMargin: "-10% 0px -60% 0px" });
    for (const section of sections) observer.observe(section);
  }

  return { start };
})();
