// Every page works without this file. GOV.UK's own behaviours are in vendor/, a module of its own:
// nothing imports anything, so that each file can be served under a name made of its content.

// Printing is the one thing that a link cannot do: its button is hidden until now.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
