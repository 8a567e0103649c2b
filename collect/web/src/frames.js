// Time by the screen's frames.

// frame resolves with the time at which the next frame begins.
export const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

// tolerance is two frames of a screen of 60 Hz: a later onset is marked.
export const tolerance = 1000 / 30;

// at runs change in the frame nearest to the time due, and resolves with the time
// at which that frame began and with how late that was.
export async function at(due, change) {
  let last = await frame();
  for (let length = 1000 / 60; last + length / 2 < due;) {
    const now = await frame();
    length = Math.min(now - last, 1000 / 30);
    last = now;
  }
  change();
  return { onset: last, late: Math.max(0, last - due) };
}
