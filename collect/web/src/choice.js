// A jsPsych plugin for choices among pictures shown at once: which of two belongs
// with the one above, or which of three does not belong.
import { element } from "./dom.js";
import { at } from "./frames.js";
import { Trial } from "./trial.js";

// choicePlugin makes the plugin of one trial, as ratingPlugin does.
export const choicePlugin = (setting) => class {
  static info = { name: "akin-choice", version: "1.0.0", parameters: {}, data: {} };

  constructor(jsPsych) {
    this.jsPsych = jsPsych;
  }

  trial(display) {
    show(new Trial(this.jsPsych, display, setting)).catch(setting.failed);
  }
};

async function show(trial) {
  const pictures = await trial.begin();
  const { words, task } = trial;
  const labels = task === "triplet" ? [words.left_picture, words.right_picture] : [words.first_picture, words.second_picture, words.third_picture];
  const offset = pictures.length - labels.length; // the target of a triplet is no choice
  const choices = element("div", { class: `stage choices of${labels.length}`, role: "group", "aria-labelledby": "question" },
    ...labels.map((label, k) => element("button", { type: "button", "aria-label": label, onclick: (event) => trial.end(k + offset, event) },
      trial.figure(pictures[k + offset], label))));
  const question = element("p", { class: "question", id: "question", role: "status" }, words.question);
  const target = offset ? [element("div", { class: "stage target" }, trial.figure(pictures[0], words.target_picture))] : [];

  const onset = trial.see(await at(trial.due, () => trial.display.append(...target, question, choices)));
  if (pictures.includes(null)) trial.display.append(trial.skip());
  trial.judged(onset);
  trial.keys((event) => {
    const arrow = { ArrowLeft: 0, ArrowRight: labels.length - 1, ArrowDown: labels.length === 3 ? 1 : undefined }[event.key];
    const k = arrow ?? Number.parseInt(event.key, 10) - 1;
    if (k >= 0 && k < labels.length) trial.end(k + offset, event);
  });
}
