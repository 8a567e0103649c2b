// What the plugins of both tasks share: the pause before, pictures that are
// missing, the record of a trial.
import { element } from "./dom.js";
import { shown } from "./pictures.js";
import { frame } from "./frames.js";

// began is when the page showed its first trial: onsets count from there.
let began = null;

export class Trial {
  constructor(jsPsych, display, parameters) {
    Object.assign(this, { jsPsych, display, ...parameters });
    this.record = { position: this.position, uid: crypto.randomUUID?.() ?? randomUID(), response: null, rt: null, onset: 0, first: null, gap: null, late: 0, input: "" };
    this.away = this.jsPsych.data.getInteractionData().filter({ event: "blur" }).count();
  }

  // begin waits for the pause to pass and for the pictures; missing ones are null.
  async begin() {
    this.display.replaceChildren();
    const start = await frame();
    const pictures = await Promise.all(this.ids.map((id) => this.pictures.get(id)));
    this.due = Math.max(start + this.pause, performance.now());
    began ??= this.due;
    return pictures;
  }

  // figure is a picture of the trial, or the words that say it is missing.
  figure(image, label) {
    if (image) return shown(image, label);
    return element("p", { class: "picture gone", role: "img", "aria-label": label }, this.words.missing);
  }

  // see notes an onset.
  see({ onset, late }) {
    this.record.late = Math.max(this.record.late, round(late));
    return onset;
  }

  judged(onset) {
    this.shownAt = onset;
    this.record.onset = round(Math.max(0, onset - began));
  }

  // skip lets a person go on where a picture is missing.
  skip() {
    return element("button", { type: "button", class: "plain", onclick: (event) => this.end(null, event) }, this.words.skip);
  }

  end(response, event) {
    if (this.ended || this.screen.halted) return;
    this.ended = true;
    removeEventListener("keydown", this.listener);
    // An event's time is that of the input itself; scripts and old browsers have others.
    const now = event.timeStamp > this.shownAt ? event.timeStamp : performance.now();
    Object.assign(this.record, { response, rt: response === null ? null : round(now - this.shownAt), input: inputOf(event) });
    this.record.away = this.jsPsych.data.getInteractionData().filter({ event: "blur" }).count() - this.away;
    this.screen.record = this.record;
    this.jsPsych.finishTrial({ ...this.record });
  }

  // keys hears keys until the trial ends.
  keys(hear) {
    this.listener = (event) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
      hear(event);
    };
    addEventListener("keydown", this.listener);
  }
}

const round = (ms) => Math.round(ms * 10) / 10;

function inputOf(event) {
  if (event.type.startsWith("key") || event.detail === 0) return "key"; // a click by key has no count
  return ["mouse", "touch", "pen"].includes(event.pointerType) ? event.pointerType : "mouse";
}

// randomUID stands in where the page does not come by https.
function randomUID() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
