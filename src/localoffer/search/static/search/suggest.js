// Suggestions as you type, for a box with data-suggest: an editable combobox with a list, as the
// ARIA Authoring Practices describe it. Without this file, or when no answer comes, the box is a
// plain search box and its form works as ever. Loaded when somebody comes to the box.

const WAIT = 150; // milliseconds without a key before asking
const FEWEST = 2; // letters
const known = new Map(); // while somebody is in the box: what is withdrawn is offered no more
const style = document.createElement("link");

style.rel = "stylesheet";
style.href = document.querySelector("[name=suggest-style]").content;
document.head.append(style);

for (const box of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  const status = document.createElement("div");
  let found = [];
  let active = -1;
  let timer;
  let asking;

  list.id = `${box.id}-suggestions`;
  list.className = "lo-suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  box.after(list, status);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    status.textContent = "";
    box.setAttribute("aria-expanded", "false");
    point(-1);
  };

  const point = (to) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };

  const choose = (one) => {
    close();
    if (one.url) location.assign(one.url);
    else {
      box.value = one.query;
      box.form.requestSubmit();
    }
  };

  const show = (suggestions) => {
    found = suggestions;
    active = -1;
    list.replaceChildren(
      ...found.map((one, at) => {
        const option = document.createElement("li");
        const label = document.createElement("span");
        option.id = `${list.id}-${at}`;
        option.className = "lo-suggest__option";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        label.className = "lo-suggest__label";
        label.textContent = one.label;
        option.append(`${one.text} `, label);
        option.addEventListener("click", () => choose(one));
        return option;
      }),
    );
    if (!found.length) return close();
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    status.textContent = `${found.length} suggestion${found.length > 1 ? "s" : ""}. Press the down arrow to choose.`;
  };

  const ask = async () => {
    const text = box.value.trim();
    asking?.abort();
    if (text.length < FEWEST) return close();
    if (!known.has(text)) {
      asking = new AbortController();
      try {
        const address = `${box.dataset.suggest}?q=${encodeURIComponent(text)}`;
        const response = await fetch(address, { signal: asking.signal });
        if (!response.ok) return close();
        known.set(text, (await response.json()).suggestions);
      } catch {
        return; // nobody misses what did not come
      }
    }
    if (document.activeElement === box && box.value.trim() === text) show(known.get(text));
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    point(-1);
    timer = setTimeout(ask, WAIT);
  });

  box.addEventListener("keydown", (event) => {
    const { key, isComposing } = event;
    if (isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void ask();
      // One place more than there are options: the box itself, with nothing chosen.
      const places = found.length + 1;
      point(((active + 1 + (key === "ArrowDown" ? 1 : -1) + places) % places) - 1);
    } else if (key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(found[active]);
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  box.addEventListener("blur", () => {
    known.clear();
    close();
  });
  box.form.addEventListener("submit", close);
  if (document.activeElement === box && box.value !== box.defaultValue) ask(); // quick fingers
}
