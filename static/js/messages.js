// What is on the screen is marked as read without a click. Without this file the button does it.
document.querySelectorAll("form[data-send-on-load]").forEach((form) => {
  fetch(form.action, { method: "POST", body: new FormData(form) }).then((answer) => {
    if (answer.ok) form.hidden = true;
  }, () => {});
});
