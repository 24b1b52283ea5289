// The portal works without this file; it saves a few steps where it runs.

// After a refused form, start reading at what is wrong.
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();

// A second click on the same button sends nothing while the first is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent && Date.now() - form.dataset.sent < 5000) event.preventDefault();
  else form.dataset.sent = Date.now();
});

// A menu closes on Escape and when the reader turns elsewhere.
document.querySelectorAll("details.account-menu").forEach((menu) => {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
