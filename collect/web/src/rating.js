// A jsPsych plugin for POPORO's procedure: two pictures one after another, then a
// mark on a scale. jsPsych's own slider takes times from the moment when the page
// is changed, not from the frame, and begins with a mark.
import { element } from "./dom.js";
import { at } from "./frames.js";
import { Trial } from "./trial.js";

// ratingPlugin makes the plugin of one trial. Its setting stays out of jsPsych's
// parameters, which are copied and whose functions are called.
export const ratingPlugin = (setting) => class {
  static info = { name: "akin-rating", version: "1.0.0", parameters: {}, data: {} };

  constructor(jsPsych) {
    this.jsPsych = jsPsych;
  }

  trial(display) {
    show(new Trial(this.jsPsych, display, setting)).catch(setting.failed);
  }
};

async function show(trial) {
  const [first, second] = await trial.begin();
  const { words, timing } = trial;
  const stage = element("div", { class: "stage one" });
  const status = element("p", { class: "hidden", role: "status" });
  const answer = scale(trial); // takes its place from the start, so that the pictures stand in one place
  answer.classList.add("later");
  trial.display.append(stage, answer, status);

  const on = trial.see(await at(trial.due, () => {
    stage.append(trial.figure(first, words.first_picture));
    status.textContent = words.first_picture;
  }));
  const off = trial.see(await at(on + timing.first, () => stage.replaceChildren()));
  const onset = trial.see(await at(off + timing.gap, () => {
    stage.append(trial.figure(second, words.second_picture));
    answer.classList.remove("later");
    status.textContent = words.second_picture;
  }));
  trial.record.first = Math.round(off - on);
  trial.record.gap = Math.round(onset - off);
  if (!first || !second) trial.display.append(trial.skip());
  trial.judged(onset);
}

function scale(trial) {
  const { scale: { answer, min, max }, words } = trial;
  const make = answer === "buttons" ? buttons : slider;
  return element("div", { class: "answer", role: "group", "aria-label": words.scale },
    element("p", { class: "question", id: "question" }, words.question), ...make(trial, min, max));
}

const ends = (words) => element("div", { class: "ends", "aria-hidden": "true" }, element("span", {}, words.low), element("span", {}, words.high));

function buttons(trial, min, max) {
  const row = element("div", { class: "row" });
  for (let value = min; value <= max; value++) {
    const end = value === min ? `, ${trial.words.low}` : value === max ? `, ${trial.words.high}` : "";
    row.append(element("button", { type: "button", "aria-label": `${value}${end}`, onclick: (event) => trial.end(value, event) }, `${value}`));
  }
  trial.keys((event) => {
    const value = Number.parseInt(event.key, 10);
    if (trial.shownAt && value >= min && value <= max) trial.end(value, event);
  });
  return [row, ends(trial.words)];
}

function slider(trial, min, max) {
  const { words } = trial;
  const confirm = element("button", { type: "button", class: "main", disabled: true, onclick: (event) => trial.end(input.valueAsNumber, event) }, words.confirm);
  const input = element("input", {
    type: "range", class: "unmarked", min, max, step: 1, value: Math.round((min + max) / 2), "aria-labelledby": "question",
    "aria-valuetext": words.unmarked, "aria-description": `${min}: ${words.low}, ${max}: ${words.high}`,
  });
  const mark = () => {
    input.classList.remove("unmarked");
    input.removeAttribute("aria-valuetext");
    confirm.disabled = false;
  };
  input.addEventListener("input", mark);
  input.addEventListener("pointerdown", mark); // a press on the middle changes no value
  trial.keys((event) => {
    if (!trial.shownAt) return;
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    if (digit) input.value = min + ((digit - 1) / 8) * (max - min);
    else if (/^Arrow(Left|Right)$/.test(event.key)) {
      if (document.activeElement !== input) input.value = input.valueAsNumber + (event.key === "ArrowLeft" ? -1 : 1);
    } else if (event.key === "Enter" && !confirm.disabled && document.activeElement !== confirm) {
      event.preventDefault();
      return trial.end(input.valueAsNumber, event);
    } else return;
    mark();
    input.focus();
  });
  return [input, ends(words), confirm];
}
