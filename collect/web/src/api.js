// What the page asks of the server. All addresses lie below the study's own.

// Refused is an answer of the server that trying again would not change.
export class Refused extends Error {
  constructor(status, body) {
    super(body.error ?? `status ${status}`);
    this.status = status;
    this.body = body;
  }
}

async function ask(method, path, secret, body) {
  const headers = { Accept: "application/json" };
  if (secret) headers.Authorization = `Bearer ${secret}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method, headers, body: body && JSON.stringify(body),
    cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(20_000),
  });
  const text = await response.json().catch(() => ({}));
  if (response.ok) return text;
  if (response.status >= 500 || response.status === 429 || response.status === 408) throw new Error(`status ${response.status}`);
  throw new Refused(response.status, text);
}

// again repeats until the server says something that stands.
async function again(request) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await request();
    } catch (error) {
      if (error instanceof Refused) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
    }
  }
}

export const study = (language) => again(() => ask("GET", `study?lang=${encodeURIComponent(language)}`));
export const enter = (entry) => again(() => ask("POST", "people", null, entry));
export const session = (secret) => again(() => ask("GET", "session", secret));
export const finish = (secret) => again(() => ask("POST", "finish", secret, {}));
export const leave = (secret) => again(() => ask("POST", "leave", secret, {}));
export const answers = (secret, list) => ask("POST", "answers", secret, { answers: list });
