// Elements, and what a screen reader is told.

/// Makes an element: `h("button", { class: "quiet", onclick: f, "aria-pressed": true }, "Text", child)`.
/// Null and false attributes are left out; children may be nodes, strings, arrays or null.
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false && !name.startsWith("aria-")) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const byID = (id) => document.getElementById(id);

/// Says a sentence to a screen reader.
function announce(text) {
  const announcer = byID("announcer");
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = text; }, 50);
}

/// A label and its control.
function field(text, control, hint) {
  control.id ||= freshID();
  return h("div", { class: "stack-tight" }, h("label", { for: control.id }, text), control,
    hint && h("p", { class: "muted small" }, hint));
}

let lastID = 0;
const freshID = () => `c${++lastID}`;

/// Buttons of which one is chosen, as a group of radio buttons; `choices` are [value, words].
function segments(legend, name, choices, chosen, onchange) {
  return h("div", { class: "segments", role: "radiogroup", "aria-label": legend },
    choices.map(([value, words]) => h("label", {},
      h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchange?.(value) }),
      h("span", {}, words))));
}

/// A select box; `choices` are [value, words].
function choice(choices, chosen, onchange) {
  const box = h("select", { onchange: () => onchange?.(box.value) },
    choices.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
  return box;
}

/// Something wide that scrolls in a box of its own, from the keyboard as well.
const scrolled = (content) => h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table" }, content);

function figure(name, value, unit) {
  return h("div", { class: "figure" }, h("dt", {}, name), h("dd", {}, value, unit && h("small", {}, ` ${unit}`)));
}

/// Calls `work` once, `delay` milliseconds after the last call.
function debounced(delay, work) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), delay);
  };
}

/// Hands a file to the person.
function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  announce(`${name} is saved.`);
}

async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    announce(`${what} is copied.`);
    return true;
  } catch {
    announce(`${what} could not be copied.`);
    return false;
  }
}

/// A button that copies, and says so on itself for a moment.
function copyButton(words, what, text, attributes = {}) {
  const button = h("button", { type: "button", ...attributes, onclick: async () => {
    button.textContent = await copyText(await text(), what) ? "Copied" : "Not copied";
    setTimeout(() => { button.textContent = words; }, 1500);
  } }, words);
  return button;
}
