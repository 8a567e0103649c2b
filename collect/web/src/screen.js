// The frame around the trials: title, progress, instructions, and pages of words.
import { element, filled, paragraphs } from "./dom.js";

export class Screen {
  constructor(root, study) {
    this.study = study;
    this.words = study.words;
    document.title = study.title;
    document.documentElement.lang = study.language;
    this.halted = false;
    this.stage = element("div", { id: "trial" }); // jsPsych's own
    this.panel = element("div", { id: "words", hidden: true });
    this.bar = element("progress", { "aria-label": study.title, hidden: true });
    this.count = element("span", { class: "count" });
    this.status = element("p", { class: "state", role: "status" });
    this.menu = element("button", { type: "button", class: "plain", hidden: true, onclick: () => this.dialog.showModal() }, this.words.menu);
    root.replaceChildren(element("header", {}, element("h1", {}, study.title), this.count, this.menu, this.bar), element("main", {}, this.stage, this.panel), this.status);
  }

  // progress shows how far a person is; without a total it shows nothing.
  progress(done, all) {
    this.bar.hidden = this.menu.hidden = !all;
    this.count.textContent = all ? filled(this.words.progress, { done, all }) : "";
    if (all) Object.assign(this.bar, { max: all, value: done });
  }

  // offer makes the dialog of instructions, from which a person may leave too.
  offer(leave) {
    const { words, study } = this;
    const sure = element("div", { hidden: true }, ...paragraphs(words.leave_sure),
      element("div", { class: "row" },
        element("button", { type: "button", onclick: () => this.dialog.close() }, words.leave_no),
        element("button", { type: "button", class: "danger", onclick: leave }, words.leave_yes)));
    this.dialog = element("dialog", { "aria-label": words.instructions_title, onclose: () => { sure.hidden = true; } },
      element("h2", {}, words.instructions_title), ...paragraphs(words.instructions.replace(/^---$/gm, "")),
      study.contact ? element("p", {}, `${words.contact}: ${study.contact}`) : "",
      element("div", { class: "row" },
        element("button", { type: "button", class: "main", autofocus: true, onclick: () => this.dialog.close() }, words.close),
        element("button", { type: "button", class: "plain", onclick: () => { sure.hidden = false; } }, words.leave)), sure);
    document.body.append(this.dialog);
  }

  // page shows words and resolves with the number of the button pressed; without
  // buttons it stays.
  page(title, text, buttons = [], more = []) {
    return new Promise((resolve) => {
      const press = (k) => {
        this.turn(false);
        resolve(k);
      };
      const row = buttons.map((label, k) => element("button", { type: "button", class: k ? "plain" : "main", onclick: () => press(k) }, label));
      const heading = element("h2", { tabindex: "-1" }, title);
      this.panel.replaceChildren(element("section", { class: "words" }, heading, ...paragraphs(text), ...more,
        row.length ? element("div", { class: "row" }, ...row) : ""));
      this.turn(true);
      scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    });
  }

  // turn shows the words in place of the trials, or the other way round.
  turn(words) {
    this.panel.hidden = !words;
    this.stage.hidden = words;
  }

  // halt ends the trials: nothing answers any more in what jsPsych still holds.
  halt() {
    this.halted = true;
    this.stage.remove();
    this.dialog?.close();
    this.progress(0, 0);
  }
}
