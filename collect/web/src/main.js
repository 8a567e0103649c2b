// The page of those who take part, from consent to code.
import { initJsPsych } from "jspsych";
import BrowserCheck from "@jspsych/plugin-browser-check";
import CallFunction from "@jspsych/plugin-call-function";
import Fullscreen from "@jspsych/plugin-fullscreen";
import Instructions from "@jspsych/plugin-instructions";
import Preload from "@jspsych/plugin-preload";
import * as api from "./api.js";
import * as keeping from "./kept.js";
import { choicePlugin } from "./choice.js";
import { element, escaped, paragraphs } from "./dom.js";
import { Pictures } from "./pictures.js";
import { ratingPlugin } from "./rating.js";
import { Screen } from "./screen.js";

const mostWaiting = 25; // answers, before a person without a network has to wait

const root = document.getElementById("study");
const parameters = new URLSearchParams(location.search);

async function start() {
  const study = await api.study(parameters.get("lang") ?? navigator.language);
  const screen = new Screen(root, study);
  let kept;
  try {
    kept = await keeping.open();
  } catch {
    return screen.page(study.words.old_title, study.words.old);
  }
  stayAlone(screen);
  let person = await kept.person();
  let session = person && await resume(person.secret);
  const returning = Boolean(session);
  if (!session) {
    ({ person, session } = await begin(screen, kept, person));
    if (!session) return;
  }
  await run(screen, kept, person, session, returning);
}

// resume is the session of a person whom the server knows, else nothing.
async function resume(secret) {
  try {
    return await api.session(secret);
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

// begin asks for consent, and lets the person in.
async function begin(screen, kept, before) {
  const { study, words } = screen;
  const device = await deviceClass(screen.stage);
  const more = study.contact ? [element("p", {}, `${words.contact}: ${study.contact}`)] : [];
  if (await screen.page(words.consent_title, words.consent, [words.agree, words.refuse], more) !== 0) {
    screen.page(words.refused_title, words.refused);
    return {};
  }
  // The browser keeps the secret before the server hears of it: an answer that
  // gets lost on the way makes no second person.
  const person = before?.pending ? before : { secret: randomSecret(), pending: true };
  await kept.setPerson(person);
  const identifiers = study.identifiers.filter((name) => parameters.get(name)).map((name) => ({ name, value: parameters.get(name) }));
  try {
    await api.enter({ secret: person.secret, consent: study.consent, language: study.language, device, identifiers });
  } catch (error) {
    await kept.forget(person.secret);
    if (error.body?.full) screen.page(words.full_title, words.full);
    else screen.page(words.expired_title, words.expired);
    return {};
  }
  await kept.setPerson({ secret: person.secret });
  return { person, session: await api.session(person.secret) };
}

function randomSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// deviceClass is coarse on purpose: it must not say who someone is.
function deviceClass(display) {
  return new Promise((resolve) => {
    const jsPsych = initJsPsych({
      display_element: display,
      on_finish(data) {
        const { mobile, width, height, vsync_rate: rate } = data.values()[0];
        const kind = mobile ? (Math.min(width, height) < 600 ? "phone" : "tablet") : "desktop";
        resolve(`${kind} ${matchMedia("(pointer: coarse)").matches ? "touch" : "mouse"} ${10 * Math.round(rate / 10)} Hz`);
      },
    });
    jsPsych.run([{ type: BrowserCheck, features: ["width", "height", "mobile", "vsync_rate"], vsync_frame_count: 20 }]);
  });
}

// run shows what is left of a person's plan.
async function run(screen, kept, person, session, returning) {
  const { study, words } = screen;
  const queue = kept.queue(person.secret, (q) => {
    screen.status.textContent = q.away ? words.offline : "";
  });
  const stopped = (error) => failed(screen, error);
  await queue.drop(session.position);
  const position = Math.max(session.position, await queue.last() + 1);
  queue.send();
  screen.offer(() => leave(screen, kept, person));
  if (session.finished || position >= session.trials.length) return end(screen, queue, person);

  screen.stage.replaceChildren();
  const jsPsych = initJsPsych({ display_element: screen.stage });
  const pictures = new Pictures(session.trials);
  const setting = { screen, pictures, words, task: study.task, timing: study.timing, scale: study.scale, pause: study.timing.pause, failed: stopped };
  const step = (work) => waiting(work, stopped);
  const timeline = introduction(screen, step, pictures, position, returning);
  for (let k = position; k < session.trials.length; k++) {
    timeline.push(...steps(session.trials, k, position, { step, queue, setting }));
  }
  await jsPsych.run(timeline);
  await end(screen, queue, person);
}

// waiting makes a jsPsych trial of work that takes its time.
const waiting = (work, failed) => ({ type: CallFunction, async: true, func: (done) => { work().then(done, failed); } });

function introduction(screen, step, pictures, position, returning) {
  const { study, words } = screen;
  const timeline = [];
  if (returning) timeline.push(step(() => screen.page(study.title, words.resumed, [words.go_on])));
  else {
    timeline.push({
      type: Instructions, show_clickable_nav: true, show_page_number: false, allow_keys: true,
      button_label_previous: escaped(words.back), button_label_next: escaped(words.next),
      pages: words.instructions.split(/^---$/m).map((text, k) =>
        element("section", { class: "words" }, k ? "" : element("h2", {}, words.instructions_title), ...paragraphs(text)).outerHTML),
    });
    if (study.practice) timeline.push(step(() => screen.page(words.instructions_title, words.practice, [words.begin])));
  }
  if (study.fullscreen) timeline.push({ type: Fullscreen, fullscreen_mode: true, message: "", button_label: escaped(words.go_on) });
  timeline.push({ type: Preload, images: pictures.urls(position), message: escaped(words.loading), show_progress_bar: false, continue_after_error: true, max_load_time: 30_000 });
  return timeline;
}

// steps are a trial, what comes before it, and the keeping of its answer: the next
// one begins when this browser has it safe.
function steps(trials, k, from, { step, queue, setting }) {
  const { screen, words, pictures, task } = setting;
  const practice = trials.filter((trial) => trial.practice).length;
  const list = [];
  if (k === practice && practice && k > from) list.push(step(() => screen.page(screen.study.title, words.ready, [words.begin])));
  if (trials[k].rest && k > from) list.push(step(() => screen.page(words.rest_title, words.rest, [words.go_on])));
  list.push(step(() => room(queue)));
  list.push({
    type: (task === "rating" ? ratingPlugin : choicePlugin)({ ...setting, position: k, ids: trials[k].pictures }),
    on_start() {
      pictures.window(k);
      screen.progress(Math.max(0, k - practice), trials.length - practice);
    },
  });
  list.push(step(() => queue.add(screen.record)));
  return list;
}

// room waits while too many answers wait for the network, or the server has refused.
async function room(queue) {
  if (queue.waiting >= mostWaiting) await queue.send();
  if (queue.refused) throw queue.refused;
}

async function end(screen, queue, person) {
  const { words } = screen;
  screen.progress(0, 0);
  const saving = screen.page(words.finish_title, words.saving);
  await Promise.race([queue.send(), saving]);
  if (queue.refused) return failed(screen, queue.refused);
  let done;
  try {
    done = await api.finish(person.secret);
  } catch (error) {
    return failed(screen, error);
  }
  if (document.fullscreenElement) document.exitFullscreen();
  const more = [];
  if (done.code) more.push(element("p", { class: "code" }, element("span", {}, words.code), element("strong", { id: "code" }, done.code)));
  if (done.redirect) more.push(element("p", {}, element("a", { class: "main", href: done.redirect, rel: "noreferrer" }, words.redirect)));
  more.push(element("p", { class: "small" }, `${words.person} `, element("strong", {}, done.person)));
  if (screen.study.contact) more.push(element("p", { class: "small" }, `${words.contact}: ${screen.study.contact}`));
  screen.page(words.finish_title, words.finish, [], more);
}

async function leave(screen, kept, person) {
  screen.halt();
  try {
    await api.leave(person.secret);
  } catch (error) {
    if (error.status !== 401) return offerReload(screen);
    // Unknown to the server: nothing is left to delete.
  }
  await kept.forget(person.secret);
  screen.page(screen.words.left_title, screen.words.left);
}

function failed(screen, error) {
  if (screen.halted) return;
  screen.halt();
  if (error?.status === 401) elsewhere(screen);
  else offerReload(screen);
}

function offerReload(screen) {
  const { words } = screen;
  screen.page(words.failed_title, words.failed, [words.go_on]).then(() => location.reload());
}

function elsewhere(screen) {
  screen.page(screen.words.elsewhere_title, screen.words.elsewhere, [screen.words.use_here]).then(() => location.reload());
}

// stayAlone leaves the study to the window that was opened last, and keeps the back
// button from leaving it by mistake.
function stayAlone(screen) {
  const channel = new BroadcastChannel(`akin ${location.pathname}`);
  channel.postMessage("here");
  channel.onmessage = () => {
    screen.halt();
    elsewhere(screen);
  };
  history.pushState(null, "");
  addEventListener("popstate", () => history.pushState(null, ""));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

start().catch((error) => {
  console.error(error);
  root.replaceChildren(element("p", {}, "Something went wrong. Please load this page again."));
});
