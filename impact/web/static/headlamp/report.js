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

/* Before a step is sent, one small question to the server: is there a network? Where there is none, the page
   stays as it is, with what was typed. A browser's own page of failure would take the place of it all. */
(function () {
  const PATIENCE_MS = 20000;

  function send(form, button) {
    form.dataset.isSending = "1";
    form.requestSubmit(button);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-alive]");
    if (!form || !window.fetch || !form.requestSubmit) return;
    if (form.dataset.isSending) {
      delete form.dataset.isSending;
      return;
    }
    event.preventDefault();
    const told = document.getElementById("no-network");
    const late = new AbortController();
    const timer = window.setTimeout(() => late.abort(), PATIENCE_MS);
    fetch(form.dataset.alive, { method: "HEAD", cache: "no-store", signal: late.signal })
      .then(() => send(form, event.submitter))
      .catch(() => {
        told.hidden = false;
        told.focus();
      })
      .finally(() => window.clearTimeout(timer));
  });
})();
