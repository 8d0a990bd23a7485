// How far what is being made is. Without it the page has a link, and asks again by itself.
(function () {
  "use strict";

  const POLL_MS = 2000;
  const rows = Array.from(document.querySelectorAll("[data-export]"));
  if (!rows.length) return;

  function look(row) {
    return fetch(row.dataset.export, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.json() : null))
      .then((now) => {
        if (!now) return;
        if (now.state !== row.dataset.state) {
          window.location.reload();
          return;
        }
        row.querySelector("progress").value = now.steps_done;
        row.querySelector("[data-steps]").textContent = `${now.steps_done}/${now.steps}`;
      })
      .catch(() => {});
  }

  window.setInterval(() => {
    if (!document.hidden) rows.forEach(look);
  }, POLL_MS);
})();
