// Who signs in again in another window gets a new token there: this page still has the old one,
// and what it sends is refused with 403. A fresh one stands on the same page, opened anew.

window.freshToken = async (form) => {
  const field = (place, name) => place.querySelector(`[name="${name}"]`);
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = field(page, "csrfmiddlewaretoken");
    const reader = field(page, "typed-by");
    // Nothing is sent in the name of somebody else who has signed in meanwhile.
    if (!token || (reader && reader.value !== field(form, "typed-by").value)) return false;
    for (const one of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) one.value = token.value;
    return true;
  } catch {
    return false;
  }
};
