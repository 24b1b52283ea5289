// A step of the request form saves itself while it is being written. Without this file the
// buttons do the same. htmx sends the form; here stands when, and what is said about it.

const form = document.querySelector("form[data-step]");
const words = form.querySelector(".save-state").dataset;
const said = document.getElementById("save-said");

let typed = form.hasAttribute("data-unsaved") ? 1 : 0; // changes so far, and how many are saved
let saved = 0;
let sent = 0;
let turn = 0; // counts what this page sends: of two sendings the later one holds
let pressed = null; // the button that waits for the answer
let failures = 0;
let retry = 0;
let leaving = false;
let renewed = false; // a fresh token was fetched since the last answer

function line() {
  return document.getElementById("save-state");
}

function announce(kind, text) {
  // Heard only when something changes for the writer: not at every save.
  if (said.dataset.kind === kind) return;
  said.dataset.kind = kind;
  said.textContent = text;
}

function show(kind, text) {
  const state = line();
  state.dataset.kind = kind;
  state.textContent = text;
  if (kind !== "typing" && kind !== "saving") announce(kind, text);
}

function save() {
  window.htmx.trigger(form, "save");
}

function sendPlainly(button) {
  leaving = true;
  form.requestSubmit(button);
}

form.addEventListener("input", () => {
  typed += 1;
  if (line().dataset.kind !== "lost") show("typing", words.typing);
});

form.addEventListener("submit", (event) => {
  if (leaving) return; // the page is sent as a page
  event.preventDefault();
  event.stopPropagation();
  if (pressed) return;
  pressed = event.submitter;
  show("saving", words.saving);
  save();
});

form.addEventListener("htmx:configRequest", (event) => {
  if (!pressed && typed === saved) {
    event.preventDefault(); // nothing new
    return;
  }
  clearTimeout(retry);
  turn += 1;
  sent = typed;
  const fields = event.detail.formData;
  fields.set("turn", String(turn));
  // htmx goes on sending the last button that was clicked, even if it led nowhere.
  for (const button of form.querySelectorAll("button[name]")) fields.delete(button.name);
  if (pressed) fields.set(pressed.name, pressed.value);
});

form.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) leaving = true;
});

form.addEventListener("htmx:afterRequest", async (event) => {
  const { xhr } = event.detail;
  if (!xhr.status || leaving) return;
  if (xhr.status === 403 && !renewed) {
    renewed = true;
    if (await window.freshToken(form)) {
      save();
      return;
    }
  }
  renewed = false;
  if (xhr.status >= 500) {
    tryAgain(words.failed);
    return;
  }
  if (pressed) {
    sendPlainly(pressed); // the page that comes back says what is to be done
    return;
  }
  failures = 0;
  if (xhr.status === 401) show("signed-out", words.signedOut);
  else if (xhr.status === 200) saved = sent;
  else if (xhr.status !== 409) show("failed", words.failed);
  announce(line().dataset.kind, line().textContent);
  if (typed > sent && line().dataset.kind === "saved") show("typing", words.typing);
});

function tryAgain(text) {
  pressed = null;
  failures += 1;
  show("lost", text);
  clearTimeout(retry);
  retry = setTimeout(save, Math.min(60, 2 ** failures) * 1000);
}

form.addEventListener("htmx:sendError", () => tryAgain(words.lost));
form.addEventListener("htmx:timeout", () => tryAgain(words.lost));
window.addEventListener("online", () => {
  if (typed > saved) save();
});

window.addEventListener("beforeunload", (event) => {
  if (typed > saved && !leaving) event.preventDefault();
});

// Back from the next page, in a browser that kept this one as it was.
window.addEventListener("pageshow", () => {
  leaving = false;
  pressed = null;
});
