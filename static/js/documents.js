// Files go up one by one as they are chosen, with their progress. Without this file the form
// sends them all at once. Every sentence comes from the server, in the reader's language.

const form = document.querySelector("form[data-upload]");
const words = form ? form.dataset : {};
const AT_ONCE = 2;
const LONGEST_NAME = 150; // what a server takes as a name; the end of it is kept
const ASK_AGAIN = 5000; // ms until the virus scanner may have come further
const waiting = [];
let sending = 0;

const listOf = (field) => document.querySelector(`[data-documents="${field}"]`);
const part = (name, text) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  return element;
};

// ── The list of what is attached ───────────────────────────────────────────────────────────────
function showList(html) {
  const box = part("template");
  box.innerHTML = html;
  box.content.querySelectorAll("[data-documents]").forEach((fresh) => {
    const shown = listOf(fresh.dataset.documents);
    // Answers may overtake each other: an older list does not replace a newer one.
    if (Number(fresh.dataset.version) >= Number(shown.dataset.version)) shown.replaceWith(fresh);
  });
  askAboutChecks();
}

let asking;
function askAboutChecks() {
  clearTimeout(asking);
  if (!document.querySelector("[data-documents] [data-waiting]")) return;
  asking = setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Part": "list" } });
      if (answer.headers.get("X-Part") === "list") showList(await answer.text());
    } catch {
      askAboutChecks();
    }
  }, ASK_AGAIN);
}

// ── One file on its way ────────────────────────────────────────────────────────────────────────
function take(file, input) {
  const row = part("li");
  row.className = "document";
  const name = part("p", file.name);
  name.className = "document__name";
  const said = part("p");
  said.className = "document__said";
  said.setAttribute("role", "status");
  const bar = part("progress");
  bar.max = 100;
  bar.setAttribute("aria-label", file.name);
  const again = button(words.again, file);
  const drop = button(words.cancel, file);
  const missing = part("input");
  missing.type = "hidden";
  missing.name = "refused";
  missing.value = file.name.slice(-LONGEST_NAME);
  missing.disabled = true;
  row.append(name, bar, said, again, drop, missing);
  input.closest(".field").querySelector("[data-on-the-way]").append(row);
  const one = { file, field: input.name, row, bar, said, again, drop, missing };
  again.addEventListener("click", () => queue(one));
  drop.addEventListener("click", () => {
    if (one.call) one.call.abort();
    if (waiting.includes(one)) waiting.splice(waiting.indexOf(one), 1);
    row.remove();
    input.focus();
  });
  if (file.size > Number(words.mostBytes)) fail(one, words.tooLarge.replace("{name}", file.name), true);
  else queue(one);
}

function button(label, file) {
  const made = part("button", `${label} `);
  const about = part("span", file.name);
  about.className = "visually-hidden";
  made.append(about);
  made.type = "button";
  made.className = "link-button";
  return made;
}

function queue(one) {
  one.again.hidden = true;
  one.missing.disabled = true;
  one.bar.hidden = false;
  one.bar.removeAttribute("value");
  one.row.classList.remove("document--failed");
  one.drop.firstChild.textContent = `${words.cancel} `;
  one.said.textContent = words.waiting;
  waiting.push(one);
  next();
}

function next() {
  while (sending < AT_ONCE && waiting.length) send(waiting.shift());
  if (!sending) form.querySelector("[data-still]").hidden = true;
}

function send(one) {
  const call = (one.call = new XMLHttpRequest()); // fetch() does not tell how far it is
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append(one.field, one.file, one.file.name.slice(-LONGEST_NAME));
  sending += 1;
  one.said.textContent = words.sending;
  call.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) one.bar.value = (100 * event.loaded) / event.total;
  });
  call.addEventListener("load", () => answered(one, call));
  call.addEventListener("error", () => fail(one, words.offline));
  call.addEventListener("timeout", () => fail(one, words.offline));
  call.addEventListener("loadend", () => {
    sending -= 1;
    one.call = null;
    next();
  });
  call.open("POST", form.action);
  call.setRequestHeader("X-Part", "list");
  call.send(body);
}

async function answered(one, call) {
  if (call.status === 403 && !one.renewed) {
    one.renewed = true;
    if (await window.freshToken(form)) {
      if (one.row.isConnected) queue(one);
      return;
    }
  }
  one.renewed = false;
  if (call.status === 200 && call.getResponseHeader("X-Part") === "list") {
    one.row.remove();
    showList(call.responseText);
  } else if (call.status === 422) fail(one, call.responseText, true);
  else fail(one, [200, 401].includes(call.status) ? words.signedOut : words.failed);
}

function fail(one, sentence, isFinal = false) {
  one.bar.hidden = true;
  one.again.hidden = isFinal;
  one.row.classList.add("document--failed");
  one.drop.firstChild.textContent = `${words.remove} `;
  one.said.textContent = sentence;
  one.missing.disabled = false; // the next page says that it was not attached
}

// ── The page ───────────────────────────────────────────────────────────────────────────────────
if (form) {
  form.querySelectorAll('input[type="file"]').forEach((input) => {
    const box = part("ul");
    box.className = "documents__list";
    box.dataset.onTheWay = "";
    input.after(box);
    input.addEventListener("change", () => {
      [...input.files].forEach((file) => take(file, input));
      input.value = "";
    });
  });
  form.querySelectorAll("[data-without-script]").forEach((element) => element.remove());
  form.addEventListener("submit", (event) => {
    if (!sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const note = form.querySelector("[data-still]");
    note.textContent = words.stillSending;
    note.hidden = false;
  });
  askAboutChecks();
}
