// The desk's keys and the map of a case. Everything here is also there without it.
(function () {
  "use strict";

  const links = Array.from(document.querySelectorAll("[data-rows] a"));
  const keys = document.getElementById("keys");

  function isTyping(target) {
    return target.closest("input, textarea, select, dialog") !== null;
  }

  function move(step) {
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    if (next >= 0 && next < links.length) links[next].focus();
  }

  function goTo(id, field) {
    const place = document.getElementById(id);
    if (!place) return;
    if (place.tagName === "DETAILS") place.open = true;
    place.scrollIntoView({ block: "start" });
    const target = place.querySelector(field);
    if (target) target.focus({ preventScroll: true });
  }

  function open(selector) {
    const link = document.querySelector(selector);
    if (link) window.location.assign(link.href);
  }

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    n: () => open("a[data-next]"),
    u: () => open("a[data-queue]"),
    y: () => document.getElementById("take_up")?.focus(),
    d: () => goTo("decide", "input[type=radio]"),
    p: () => goTo("publish", "textarea:not([hidden])"),
    g: () => goTo("grade", "input[type=radio]:checked"),
    m: () => goTo("alike", "button"),
    f: () => goTo("follow_up", "select"),
    w: () => goTo("place", "input[type=radio]"),
    h: () => goTo("facts", "[name=main_harm]"),
    o: () => goTo("facts", "[name=perpetrator]"),
    t: () => goTo("facts", "[name=occurred_from]"),
    c: () => goTo("facts", ".desk-people input"),
    "?": () => keys && keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    // Arrows scroll the page until a row has the focus.
    if (isArrow && !links.includes(document.activeElement)) return;
    const act = isArrow ? actions[event.key === "ArrowDown" ? "j" : "k"] : actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Enter in a field presses the form's own button. Without this it looks up a name, which decides nothing.
  document.querySelectorAll("form:has([data-enter])").forEach((form) => {
    form.addEventListener("keydown", (event) => {
      const isField = event.target.matches("input") && !event.target.closest(".desk-look");
      if (event.key !== "Enter" || event.isComposing || !isField) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-enter]"));
    });
  });

  // What is marked in the words leads to where it is corrected.
  const corrections = { "is-harm": "h", "is-who": "o", "is-date": "t", "is-people": "c", "is-place": "w" };
  document.querySelectorAll(".desk-words mark").forEach((mark) => {
    const kind = Object.keys(corrections).find((name) => mark.classList.contains(name));
    if (!kind || !document.getElementById("facts")) return;
    mark.classList.add("leads");
    mark.addEventListener("click", actions[corrections[kind]]);
  });

  document.querySelectorAll("[data-keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", actions["?"]);
  });

  const box = document.getElementById("case-map");
  const data = document.getElementById("case-map-data");
  if (!box || !data || !window.L) return;
  drawMap(window.L, box, JSON.parse(data.textContent));

  function drawMap(L, element, scene) {
    element.textContent = "";
    const map = L.map(element, { minZoom: 2, maxZoom: 14, attributionControl: false });
    map.setView([2, 20], 3); // Leaflet draws nothing before it has a view
    map.createPane("ground").style.zIndex = 200;
    const canPlace = document.getElementById("place") !== null;
    const at = (point) => [point[1], point[0]];
    const bounds = L.latLngBounds([]);
    // Leaflet takes a string for HTML; a name out of somebody's file is only ever words.
    const plainWords = (text) => Object.assign(document.createElement("span"), { textContent: text });
    const label = (shape, text) => shape.bindTooltip(plainWords(text), { direction: "top" });

    fetch(element.dataset.basemap)
      .then((answer) => answer.json())
      .then((countries) => {
        L.geoJSON(countries, {
          pane: "ground",
          interactive: false,
          style: { color: "#8d929a", weight: 1, fillColor: "#fbfaf7", fillOpacity: 1 },
        }).addTo(map);
      })
      .catch(() => element.classList.add("has-no-basemap"));

    const fills = { artisanal: "#e0a100", industrial: "#4a5560", mixed: "#93793a", unknown: "#8d929a" };
    scene.areas.forEach((area, index) => {
      const colour = fills[area.kind] || fills.unknown;
      const drawn = L.geoJSON(area.shape, {
        style: { color: colour, weight: 2, fillOpacity: 0.25 },
        pointToLayer: (_feature, latlng) =>
          L.circleMarker(latlng, { radius: 6, color: "#1b1f24", weight: 1, fillColor: colour, fillOpacity: 0.9 }),
      }).addTo(map);
      const isAbove = index % 2 === 0;  /* a long name beside its point leaves the map */
      drawn.bindTooltip(plainWords(area.name), {
        permanent: scene.areas.length <= 2, direction: isAbove ? "top" : "bottom", offset: [0, isAbove ? -8 : 8],
      });
      bounds.extend(drawn.getBounds());
    });

    if (scene.masked) {
      const masked = L.circle(at(scene.masked), {
        radius: scene.masked_m, color: "#1a5276", weight: 2, dashArray: "6 6", fill: false,
      }).addTo(map);
      label(masked, scene.words.masked);
      bounds.extend(masked.getLatLng().toBounds(2 * scene.masked_m));
    }
    scene.candidates.forEach((candidate) => {
      const mark = L.circleMarker(at(candidate.point), {
        radius: 7, color: "#e0a100", weight: 3, fillColor: "#fff", fillOpacity: 1,
      }).addTo(map);
      label(mark, candidate.name + " – " + scene.words.candidate);
      mark.on("click", () => choose(candidate.key));
      bounds.extend(at(candidate.point));
    });
    if (scene.point) {
      L.circle(at(scene.point), { radius: scene.uncertainty_m, color: "#1b1f24", weight: 1, fillOpacity: 0.08 }).addTo(map);
      const icon = L.divIcon({ className: "case-point", iconSize: [16, 16] });
      const point = L.marker(at(scene.point), { icon, draggable: canPlace, keyboard: true, title: scene.words.incident, alt: scene.words.incident }).addTo(map);
      point.on("dragend", () => typePoint(point.getLatLng()));
      const steps = { ArrowUp: [0, -4], ArrowDown: [0, 4], ArrowLeft: [-4, 0], ArrowRight: [4, 0] };
      point.getElement().addEventListener("keydown", (event) => {
        const step = steps[event.key];
        if (!step || !canPlace) return;
        event.preventDefault();
        event.stopPropagation();
        point.setLatLng(map.layerPointToLatLng(map.latLngToLayerPoint(point.getLatLng()).add(step)));
        typePoint(point.getLatLng());
      });
      bounds.extend(at(scene.point));
    }
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 11 });
    L.control.scale({ imperial: false }).addTo(map);
    map.on("click", (event) => typePoint(event.latlng));
  }

  function radio(value) {
    return Array.from(document.querySelectorAll("#place input[type=radio]")).find((input) => input.value === value);
  }

  function choose(key) {
    const input = radio(key);
    if (!input) return;
    document.getElementById("place").open = true;
    input.checked = true;
    input.focus();
  }

  function typePoint(latlng) {
    const form = document.querySelector("#place");
    if (!form) return;
    form.querySelector("[name=latitude]").value = latlng.lat.toFixed(5);
    form.querySelector("[name=longitude]").value = latlng.wrap().lng.toFixed(5);
    form.open = true;
    radio("typed").checked = true;
  }
})();
