// Every page works without this file. GOV.UK's own behaviours are in vendor/, a module of its own:
// nothing imports anything by its name, for each file is served under one made of its content.

// Printing is the one thing that a link cannot do: its button is hidden until now.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Somebody who comes from a list of results finds the way back to it, as they left it.
const back = document.querySelector("[data-back]");
if (
  back &&
  document.referrer.startsWith(`${location.origin}${back.dataset.back}?`) &&
  location.pathname !== back.dataset.back
) {
  const link = back.querySelector("a");
  link.href = document.referrer;
  back.hidden = false;
  link.addEventListener("click", (event) => {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey;
    if (elsewhere || history.length < 2 || location.hash) return;
    event.preventDefault();
    history.back();
  });
}

// A box that can suggest loads what that takes when somebody comes to it.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const script = document.querySelector("[name=suggest-script]");
  const load = () => import(script.content).catch(() => {});
  if (document.activeElement === box) load();
  else box.addEventListener("focus", load, { once: true });
}
