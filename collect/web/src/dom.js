// Elements from plain text: nothing that a study's author writes is read as HTML.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// paragraphs splits a text at blank lines.
export const paragraphs = (text) => text.split(/\n\s*\n/).map((part) => element("p", {}, part.trim()));

// escaped is a text for jsPsych's plugins, which take HTML.
export const escaped = (text) => element("p", {}, text).innerHTML;

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
