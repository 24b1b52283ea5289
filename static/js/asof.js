// A slider over the months beside the date field of the tracker. Without this file the date field
// and the row of days do the same. Every sentence comes from the server, in the reader's language.

const form = document.querySelector("form[data-asof]");
const box = form && form.querySelector("[data-asof-slider]");

if (box) {
  const range = box.querySelector("input");
  const shown = box.querySelector("output");
  const field = form.elements.as_of;
  const status = document.querySelector("[data-asof-status]");
  const [firstYear, firstMonth] = box.dataset.first.split("-").map(Number);
  const today = box.dataset.today;
  const language = document.documentElement.lang;
  const inWords = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
  let waiting = 0;
  let latest = 0;

  const months = (day) => (Number(day.slice(0, 4)) - firstYear) * 12 + Number(day.slice(5, 7)) - firstMonth;
  const lastDay = (month) => {
    const day = new Date(Date.UTC(firstYear, firstMonth + Number(month), 0)).toISOString().slice(0, 10);
    return day < today ? day : today;
  };
  const say = (day) => {
    const words = inWords.format(new Date(day));
    range.setAttribute("aria-valuetext", words);
    shown.textContent = words;
  };
  const place = () => {
    const day = field.value || today;
    range.value = Math.max(0, months(day));
    say(day);
  };

  // Only the table is fetched and put in: the slider keeps its place and the focus.
  const refresh = async () => {
    const turn = ++latest;
    const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetch(address);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn !== latest) return;
      const part = fresh.getElementById(form.dataset.asof);
      if (!part) throw new Error("no table");
      document.getElementById(form.dataset.asof).replaceWith(part);
      document.querySelector(".landmarks").replaceWith(fresh.querySelector(".landmarks"));
      history.replaceState(null, "", address);
      status.textContent = part.querySelector("[data-asof-said]").textContent;
    } catch {
      form.requestSubmit(); // the whole page says what is wrong
    }
  };

  range.max = months(today);
  range.addEventListener("input", () => {
    field.value = lastDay(range.value);
    say(field.value);
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 250);
  });
  field.addEventListener("change", place);
  box.hidden = false;
  place();
}
