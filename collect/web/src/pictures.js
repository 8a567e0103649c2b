// Pictures, loaded and decoded before they are needed.

const ahead = 12; // trials
const tries = 4;

// Pictures holds those of the trials around the present one.
export class Pictures {
  constructor(trials) {
    this.trials = trials;
    this.held = new Map();
  }

  // window begins to load the pictures of the next trials and drops those of past ones.
  window(position) {
    const wanted = new Set(this.trials.slice(position, position + ahead).flatMap((trial) => trial.pictures));
    for (const id of wanted) this.get(id);
    for (const id of this.held.keys()) if (!wanted.has(id)) this.held.delete(id);
  }

  // urls are those of the first trials to come.
  urls(position) {
    return [...new Set(this.trials.slice(position, position + ahead).flatMap((trial) => trial.pictures))].map(url);
  }

  // get resolves with a decoded picture, or with null where it cannot be had.
  get(id) {
    if (!this.held.has(id)) this.held.set(id, load(url(id)));
    return this.held.get(id);
  }
}

const url = (id) => `pictures/${id}`;

async function load(address) {
  for (let attempt = 0; attempt < tries; attempt++) {
    const image = new Image();
    image.src = address;
    try {
      await image.decode();
      return image;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 300 * 3 ** attempt));
    }
  }
  return null;
}

// shown is a fresh element of a decoded picture: one picture may stand twice in a trial.
export function shown(image, label) {
  const copy = image.cloneNode();
  copy.alt = label;
  copy.draggable = false;
  copy.className = "picture";
  return copy;
}
