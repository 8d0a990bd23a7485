/* "Leave" goes at once, and leaves nothing to come back to. Without scripts it is a plain link.

   Each answered step is an entry of the browser's history that no script can take out. So the tab
   remembers that its owner left, and whoever goes back through it is led away again before a word is
   shown. Coming to the page anew ends that. Stands in the head: it has to run before there are words. */
"use strict";
(function () {
  const NEUTRAL = "https://www.wikipedia.org/";
  const LEFT = "headlamp.left";

  function remembered(change) {
    try {
      return change(window.sessionStorage);
    } catch {
      return null; /* a browser that keeps nothing: the page that was left is still replaced */
    }
  }
  function leave() {
    document.documentElement.hidden = true;
    if (document.body) document.body.textContent = "";
    window.location.replace(NEUTRAL);
  }
  function leaveIfLeft() {
    if (remembered((kept) => kept.getItem(LEFT))) leave();
  }

  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival && arrival.type === "navigate") remembered((kept) => kept.removeItem(LEFT));
  leaveIfLeft();
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaveIfLeft();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#leave")) return;
    event.preventDefault();
    remembered((kept) => kept.setItem(LEFT, "1"));
    leave();
  });
})();
