// The queue's map, its numbers that stay true, and its keys. Everything here is also there without it.
(function () {
  "use strict";

  const POLL_MS = 30000;
  const list = document.querySelector("[data-counts]");
  const news = document.querySelector("[data-news]");

  function poll() {
    if (document.hidden) return;
    fetch(list.dataset.counts, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.json() : {}))
      .then((counts) => {
        list.querySelectorAll("[data-count]").forEach((number) => {
          const now = counts[number.dataset.count];
          if (now === undefined || String(now) === number.textContent) return;
          number.textContent = now;
          if (number.closest("[aria-current]")) news.hidden = false;
        });
      })
      .catch(() => {});
  }
  if (list && news) window.setInterval(poll, POLL_MS);

  const rows = new Map(
    Array.from(document.querySelectorAll("[data-case]")).map((row) => [row.dataset.case, row]),
  );
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("filter_q").focus();
    }
    if (event.key === "x") {
      const row = document.activeElement.closest("[data-case]");
      const tick = row && row.querySelector("input[type=checkbox]");
      if (tick) tick.checked = !tick.checked;
    }
    if (event.key === "a" && all) {
      all.checked = !all.checked;
      tickAll();
    }
    if (event.key === "s" && document.getElementById("many_act")) {
      event.preventDefault();
      document.getElementById("many_act").focus();
    }
    count();
  });

  // All at once, and how many they are. To whom is asked only where it is handed over.
  const form = document.getElementById("rows");
  const all = document.getElementById("tick_all");
  const act = document.getElementById("many_act");

  function ticks() {
    return Array.from(form ? form.querySelectorAll("input[name=case]") : []);
  }
  function tickAll() {
    ticks().forEach((tick) => { tick.checked = all.checked; });
  }
  function count() {
    if (!all) return;
    const number = ticks().filter((tick) => tick.checked).length;
    const told = document.querySelector("[data-ticked]");
    told.hidden = !number;
    told.querySelector("output").textContent = number;
    all.checked = number > 0 && number === ticks().length;
  }
  function askToWhom() {
    document.querySelector(".queue-assignee").hidden = act.value !== "hand_over";
  }
  if (all && act) {
    document.querySelector("[data-tick-all]").hidden = false;
    all.addEventListener("change", tickAll);
    form.addEventListener("change", count);
    act.addEventListener("change", askToWhom);
    askToWhom();
    count();
  }

  const box = document.getElementById("queue-map");
  const data = document.getElementById("queue-map-data");
  if (!box || !data || !window.L) return;
  const L = window.L;
  const cases = JSON.parse(data.textContent);
  const map = L.map(box, { minZoom: 2, maxZoom: 12, attributionControl: false });
  map.setView([2, 20], 3);
  map.createPane("ground").style.zIndex = 200;
  fetch(box.dataset.basemap)
    .then((answer) => answer.json())
    .then((countries) => {
      L.geoJSON(countries, {
        pane: "ground", interactive: false,
        style: { color: "#8d929a", weight: 1, fillColor: "#fbfaf7", fillOpacity: 1 },
      }).addTo(map);
    })
    .catch(() => box.classList.add("has-no-basemap"));
  const colours = {
    violence: "#d55e00", labour: "#0072b2", environment: "#009e73", conflict_finance: "#cc79a7", other: "#767676",
  };
  const bounds = L.latLngBounds([]);
  const words = (text) => Object.assign(document.createElement("span"), { textContent: text });
  cases.forEach((found) => {
    const at = [found.point[1], found.point[0]];
    const mark = L.circleMarker(at, {
      radius: found.urgent ? 8 : 6, color: found.urgent ? "#b3261e" : "#1b1f24", weight: found.urgent ? 3 : 1,
      fillColor: colours[found.theme] || colours.other, fillOpacity: 0.9,
    }).addTo(map);
    mark.bindTooltip(words(found.name), { direction: "top" });
    const row = rows.get(found.id);
    if (row) {
      const link = row.querySelector(".desk-row-line a");
      mark.on("click", () => { link.focus(); row.scrollIntoView({ block: "center" }); });
      link.addEventListener("focus", () => mark.setStyle({ fillOpacity: 1, weight: 5 }).bringToFront());
      link.addEventListener("blur", () => mark.setStyle({ fillOpacity: 0.9, weight: found.urgent ? 3 : 1 }));
      mark.on("mouseover", () => row.classList.add("is-on-map"));
      mark.on("mouseout", () => row.classList.remove("is-on-map"));
    }
    bounds.extend(at);
  });
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [32, 32], maxZoom: 8 });
})();
