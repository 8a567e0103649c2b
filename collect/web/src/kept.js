// What this browser keeps until the server has it: who takes part, and answers
// that are not acknowledged yet.
import { openDB } from "idb";
import * as api from "./api.js";

const study = location.pathname;

const database = () => openDB("akin", 1, {
  upgrade(db) {
    db.createObjectStore("people");
    db.createObjectStore("answers", { keyPath: ["secret", "position"] });
  },
});

export async function open() {
  const db = await database();
  return {
    person: () => db.get("people", study),
    setPerson: (person) => db.put("people", person, study),
    async forget(secret) {
      await db.delete("people", study);
      await db.delete("answers", ofPerson(secret));
    },
    queue: (secret, changed) => new Queue(db, secret, changed),
  };
}

const ofPerson = (secret) => IDBKeyRange.bound([secret, 0], [secret, Infinity]);

const mostAtOnce = 50;

// Queue sends answers in their order and forgets each only when the server has it
// on its disk. changed hears of its state: how many wait, and whether the network is away.
class Queue {
  constructor(db, secret, changed) {
    Object.assign(this, { db, secret, changed, waiting: 0, away: false, busy: null, refused: null });
    addEventListener("online", () => this.wake?.());
  }

  // add keeps an answer in this browser, then begins to send.
  async add(answer) {
    await this.db.put("answers", { ...answer, secret: this.secret });
    this.waiting++;
    this.send();
  }

  // last is the position of the last answer that waits, -1 without any.
  async last() {
    const keys = await this.db.getAllKeys("answers", ofPerson(this.secret));
    this.waiting = keys.length;
    return keys.length ? keys.at(-1)[1] : -1;
  }

  // drop forgets answers that the server has.
  async drop(before) {
    await this.db.delete("answers", IDBKeyRange.bound([this.secret, -1], [this.secret, before], false, true));
  }

  // send resolves when nothing waits any more, or when the server refused.
  send() {
    this.busy ??= this.run().finally(() => { this.busy = null; });
    return this.busy;
  }

  async run() {
    for (let wait = 500; !this.refused;) {
      const list = await this.db.getAll("answers", ofPerson(this.secret), mostAtOnce);
      this.waiting = list.length;
      if (!list.length) break;
      try {
        const { next } = await api.answers(this.secret, list.map(({ secret, ...answer }) => answer));
        await this.drop(next);
        wait = 500;
        this.tell(false);
      } catch (error) {
        if (error instanceof api.Refused) {
          this.refused = error;
          break;
        }
        this.tell(true);
        await new Promise((resolve) => {
          this.wake = resolve;
          setTimeout(resolve, wait);
        });
        wait = Math.min(wait * 2, 5000);
      }
    }
    this.tell(false);
  }

  tell(away) {
    this.away = away;
    this.changed(this);
  }
}
