/* The public map: clusters or hexagons, areas, coverage, time, search and the view in the address.
   Enhances a page that says the same in words, list and outline; nothing depends on it. */
"use strict";
(function () {
  const { THEMES, AREA, options, fetchJson, plainWords, shape, ring, addBasemap } = window.headlampDrawing;
  const RAMP = ["#f7e3ae", "#e5b54c", "#b8801d", "#7a5217", "#33240f"];
  const AREAS_FROM = 5, DETAIL_FROM = 7;
  const SILENT = { stroke: false, fillColor: "url(#hatch-silence)", fillOpacity: 1 };
  const byId = (id) => document.getElementById(id);

  function say(words, values) {
    return words.replace(/\{(\w+)\}/g, (_all, name) => {
      const value = values[name];
      return typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : value;
    });
  }
  function counted(chosen, count) {
    return count === 1 ? chosen.words.incident : say(chosen.words.incidents, { count });
  }
  function element(tag, text, attributes) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    return made;
  }
  function within(chosen, edges) {
    const held = (chosen.filter.bbox || "").split(",").map(Number);
    if (held.length !== 4) return edges;
    if (held[0] > held[2]) return held;  /* across the antimeridian: all of it */
    const cut = [Math.max(edges[0], held[0]), Math.max(edges[1], held[1]), Math.min(edges[2], held[2]), Math.min(edges[3], held[3])];
    return cut[0] < cut[2] && cut[1] < cut[3] ? cut : null;
  }
  /* The box that is seen and some more, out to whole cells of the server's grid: no count changes at its edge. */
  function seenBox(map, chosen) {
    const seen = map.getBounds().pad(0.15), cell = 360 / Math.pow(2, map.getZoom()) / 4;
    const edges = [
      Math.max(Math.floor(seen.getWest() / cell) * cell, -180), Math.max(Math.floor(seen.getSouth() / cell) * cell, -90),
      Math.min(Math.ceil(seen.getEast() / cell) * cell, 180), Math.min(Math.ceil(seen.getNorth() / cell) * cell, 90)
    ];
    return edges[0] < edges[2] && edges[1] < edges[3] ? within(chosen, edges) : null;
  }
  function query(chosen, more) {
    const asked = new URLSearchParams(chosen.filter);
    Object.entries(more || {}).forEach(([name, value]) => asked.set(name, value));
    return asked;
  }
  function boxed(edges) { return edges.map((edge) => edge.toFixed(5)).join(","); }

  function sizeOf(cluster) {
    return cluster.count === 1 ? 24 : Math.round(Math.min(28 + 13 * Math.log10(cluster.count), 72));
  }
  /* Rings that would cover each other become one. Its cells are all within their common box, so that the list of
     the box holds what the ring counts. */
  function together(map, clusters) {
    const cell = 360 / Math.pow(2, map.getZoom()) / 4;
    const rings = clusters.map((one) => {
      const column = Math.floor(one.lon / cell), row = Math.floor(one.lat / cell);
      return Object.assign({}, one, { cells: [column, row, column, row], at: map.latLngToLayerPoint([one.lat, one.lon]) });
    });
    const meet = (a, b) => a.cells[0] <= b.cells[2] && b.cells[0] <= a.cells[2] && a.cells[1] <= b.cells[3] && b.cells[1] <= a.cells[3];
    const cover = (a, b) => a.at.distanceTo(b.at) < 0.45 * (sizeOf(a) + sizeOf(b));
    function join(a, b) {
      const count = a.count + b.count;
      ["lon", "lat"].forEach((name) => { a[name] = (a[name] * a.count + b[name] * b.count) / count; });
      a.by_theme = Object.assign({}, a.by_theme);
      Object.entries(b.by_theme).forEach(([theme, number]) => { a.by_theme[theme] = (a.by_theme[theme] || 0) + number; });
      a.cells = [Math.min(a.cells[0], b.cells[0]), Math.min(a.cells[1], b.cells[1]), Math.max(a.cells[2], b.cells[2]), Math.max(a.cells[3], b.cells[3])];
      a.count = count;
      a.id = null;
      a.at = map.latLngToLayerPoint([a.lat, a.lon]);
    }
    for (let first = 0; first < rings.length; first += 1) {
      for (let second = 0; second < rings.length; second += 1) {
        if (second === first || !(meet(rings[first], rings[second]) || cover(rings[first], rings[second]))) continue;
        join(rings[first], rings[second]);
        rings.splice(second, 1);
        if (second < first) first -= 1;
        second = -1;  /* the ring is another now: ask all again */
      }
    }
    return rings;
  }
  /* One incident opens; several open into their themes, each with its count and its list. */
  function marker(map, chosen, cluster) {
    const single = cluster.count === 1 && cluster.id;
    const theme = THEMES.find((name) => cluster.by_theme[name]) || "other";
    const size = sizeOf(cluster);
    const icon = L.divIcon({ className: "point", html: single ? shape(theme, 20) : ring(cluster, size), iconSize: [size, size] });
    const words = single ? chosen.themes[theme] : counted(chosen, cluster.count) + ": " +
      THEMES.filter((name) => cluster.by_theme[name]).map((name) => chosen.themes[name] + " " + cluster.by_theme[name]).join(", ");
    const made = L.marker([cluster.lat, cluster.lon], { icon: icon, keyboard: true, title: words, alt: words, riseOnHover: true });
    made.on("add", () => made.getElement().setAttribute("aria-label", words));
    const act = () => {
      if (single) open(chosen.incident + cluster.id + "/", chosen.embedded ? "_blank" : "_self");
      else openThemes(map, chosen, cluster, made);
    };
    made.on("click", act);
    /* Leaflet makes no click of the key by itself. */
    made.on("keypress", (event) => { if (event.originalEvent.key === "Enter") { event.originalEvent.preventDefault(); act(); } });
    return made;
  }
  function openThemes(map, chosen, cluster, made) {
    const cell = 360 / Math.pow(2, map.getZoom()) / 4;
    const [west, south, east, north] = cluster.cells;
    const box = within(chosen, [west * cell, south * cell, (east + 1) * cell, (north + 1) * cell]);
    const content = element("div", "", { class: "opened" });
    content.append(element("strong", counted(chosen, cluster.count)));
    const list = element("ul");
    const to = (more) => chosen.page + "?" + query(chosen, Object.assign({ bbox: boxed(box) }, more));
    const target = chosen.embedded ? { target: "_blank", rel: "noopener" } : {};
    THEMES.filter((name) => cluster.by_theme[name]).forEach((name) => {
      const item = element("li"), link = element("a", "", Object.assign({ href: to({ theme: name }) }, target));
      link.innerHTML = shape(name, 18);
      link.append(element("span", chosen.themes[name]), element("b", cluster.by_theme[name].toLocaleString(document.documentElement.lang)));
      item.append(link);
      list.append(item);
    });
    content.append(list);
    const row = element("p", "", { class: "row" });
    if (map.getZoom() < map.getMaxZoom()) {
      const closer = element("button", chosen.words.closer, { type: "button" });
      closer.addEventListener("click", () => { map.closePopup(); map.setView([cluster.lat, cluster.lon], Math.min(map.getZoom() + 2, map.getMaxZoom())); });
      row.append(closer);
    }
    row.append(element("a", chosen.words.list, Object.assign({ href: to({}), class: "button" }, target)));
    content.append(row);
    const popup = L.popup({ maxWidth: 300, autoPanPadding: [16, 16] }).setLatLng([cluster.lat, cluster.lon]).setContent(content);
    content.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(popup); });
    popup.on("remove", () => { const mark = made.getElement(); if (mark) mark.focus(); });
    popup.openOn(map);
    content.querySelector("a").focus();
  }
  function breaks(most) {
    const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];
    const last = Math.max(steps.findLastIndex((step) => step <= Math.max(most, 1)), 0);
    const first = Math.max(last - 4, 0);
    return [1].concat(steps.slice(first + 1, last + 1));
  }
  function addHexagons(map, chosen, layer, found) {
    const number = (one) => one[chosen.shade];
    const limits = breaks(Math.max(0, ...found.hexagons.map(number)));
    found.hexagons.forEach((one) => {
      const step = limits.filter((limit) => number(one) >= limit).length - 1;
      const words = counted(chosen, one.incidents) + ", " + (one.people ? say(chosen.words.people, { count: one.people }) : chosen.words.nobody);
      const drawn = L.polygon(one.ring.map(([longitude, latitude]) => [latitude, longitude]), {
        pane: "hexagons", color: "#33240f", weight: 0.8, fillColor: step < 0 ? "#fff" : RAMP[step], fillOpacity: step < 0 ? 0.5 : 0.9
      });
      drawn.bindTooltip(plainWords(words), { sticky: true });
      const edges = [Math.min(...one.ring.map((c) => c[0])), Math.min(...one.ring.map((c) => c[1])), Math.max(...one.ring.map((c) => c[0])), Math.max(...one.ring.map((c) => c[1]))];
      const go = () => map.fitBounds([[edges[1], edges[0]], [edges[3], edges[2]]], { maxZoom: map.getZoom() + 2 });
      drawn.on("click", go);
      drawn.on("add", () => {
        const path = drawn.getElement();
        path.setAttribute("tabindex", "0");
        path.setAttribute("role", "button");
        path.setAttribute("aria-label", words);
        path.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
        path.addEventListener("focus", () => drawn.openTooltip());
        path.addEventListener("blur", () => drawn.closeTooltip());
      });
      layer.addLayer(drawn);
    });
    const shades = byId("shades");
    const title = element("span", chosen.shade === "people" ? chosen.words.shade_people : chosen.words.shade_incidents);
    shades.replaceChildren(title);
    if (chosen.shade === "people") {
      const none = element("span", "", { class: "theme" });
      none.append(element("span", "", { class: "swatch" }), element("span", chosen.words.nobody));
      shades.append(none);
    }
    limits.forEach((limit, index) => {
      const swatch = element("span", "", { class: "swatch shade-" + index });
      const until = limits[index + 1] ? limits[index + 1] - 1 : null;
      const range = until === null ? say(chosen.words.and_more, { count: limit }) : say(until === limit ? "{limit}" : "{limit}–{until}", { limit, until });
      const part = element("span", "", { class: "theme" });
      part.append(swatch, element("span", range));
      shades.append(part);
    });
  }
  function addIncidents(map, chosen, told) {
    const layer = L.layerGroup().addTo(map);
    map.createPane("hexagons").style.zIndex = 300;
    let turn = 0;
    return function show() {
      const asked = ++turn, hexagons = chosen.layer === "hexagons";
      const edges = hexagons ? within(chosen, [-180, -90, 180, 90]) : seenBox(map, chosen);
      if (!edges) { layer.clearLayers(); return Promise.resolve(); }
      const url = (hexagons ? chosen.hexagons : chosen.clusters) + "?" + query(chosen, { bbox: boxed(edges), zoom: String(map.getZoom()) });
      return fetchJson(url).then((found) => {
        if (asked !== turn) return;
        told("");
        layer.clearLayers();
        if (hexagons) addHexagons(map, chosen, layer, found);
        else together(map, found.clusters).forEach((cluster) => layer.addLayer(marker(map, chosen, cluster)));
      }).catch(() => told(chosen.words.failed));
    };
  }
  function areaStyle(feature) {
    const style = Object.assign({}, AREA[feature.properties.kind] || AREA.unknown);
    if (feature.properties.kind === "artisanal") Object.assign(style, { fillColor: "url(#hatch-artisanal)", fillOpacity: 0.9 });
    if (feature.properties.kind === "mixed") Object.assign(style, { fillColor: "url(#hatch-mixed)", fillOpacity: 1 });
    return style;
  }
  function areaRadius(properties) {
    return properties.carats_a_year ? Math.min(5 + 3 * Math.log10(1 + properties.carats_a_year / 1000), 20) : 5;
  }
  function areaWords(chosen, properties) {
    const parts = [properties.name + " (" + (chosen.kinds[properties.kind] || "") + ")"];
    parts.push(properties.carats === undefined ? chosen.words.undisclosed : say(chosen.words.carats, properties));
    if (properties.incidents) parts.push(say(chosen.words.near, { count: properties.incidents }));
    return parts.join("; ");
  }
  function addAreas(map, chosen, told) {
    map.createPane("areas").style.zIndex = 350;
    const layer = L.layerGroup().addTo(map);
    let turn = 0, held = "";
    return function show() {
      const edges = chosen.show.includes("areas") && map.getZoom() >= AREAS_FROM && seenBox(map, chosen);
      if (!edges) { turn += 1; held = ""; layer.clearLayers(); return; }
      const asked = new URLSearchParams({ bbox: boxed(edges), zoom: String(map.getZoom()) });
      ["country", "kind"].forEach((name) => { if (chosen.filter[name]) asked.set(name, chosen.filter[name]); });
      if (held === String(asked)) return;
      held = String(asked);
      const now = ++turn;
      fetchJson(chosen.areas + "?" + asked).then((found) => {
        if (now !== turn) return;
        layer.clearLayers();
        L.geoJSON(found, {
          pane: "areas", style: areaStyle,
          pointToLayer: (feature, latlng) => L.circleMarker(latlng, Object.assign(areaStyle(feature), { pane: "areas", radius: areaRadius(feature.properties) })),
          onEachFeature: (feature, drawn) => {
            const words = areaWords(chosen, feature.properties);
            drawn.bindTooltip(plainWords(words));
            const go = () => window.open(chosen.area + feature.id + "/", chosen.embedded ? "_blank" : "_self");
            drawn.on("click", go);
            drawn.on("add", () => {
              const path = drawn.getElement && drawn.getElement();
              if (!path) return;
              path.setAttribute("tabindex", "0");
              path.setAttribute("role", "link");
              path.setAttribute("aria-label", words);
              path.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
            });
          }
        }).eachLayer((drawn) => layer.addLayer(drawn));
        if (found.left_out) told(say(chosen.words.more_areas, { count: found.left_out }));
      }).catch(() => { held = ""; });
    };
  }
  function addCoverage(map, chosen) {
    map.createPane("coverage").style.zIndex = 250;
    const layer = L.layerGroup().addTo(map);
    let turn = 0;
    return function show() {
      const asked = ++turn;
      if (!chosen.show.includes("coverage") || !chosen.land) { layer.clearLayers(); return; }
      const days = new URLSearchParams();
      ["from", "to"].forEach((name) => { if (chosen.filter[name]) days.set(name, chosen.filter[name]); });
      fetchJson(chosen.coverage + "?" + days).then((found) => {
        if (asked !== turn) return;
        const heard = new Map(found.countries.filter((one) => one.months_covered).map((one) => [one.country, one]));
        layer.clearLayers();
        L.geoJSON(chosen.land, {
          pane: "coverage", filter: (feature) => !heard.has(feature.properties.iso_a2), style: SILENT,
          onEachFeature: (feature, drawn) => drawn.bindTooltip(plainWords((feature.properties.name || "") + ". " + chosen.words.no_reports), { sticky: true })
        }).eachLayer((drawn) => layer.addLayer(drawn));
        found.cells.forEach((cell) => layer.addLayer(L.polygon(cell.ring.map(([longitude, latitude]) => [latitude, longitude]), {
          pane: "coverage", stroke: false, fillColor: "#56636f", fillOpacity: cell.reports_at_least >= 100 ? 0.3 : cell.reports_at_least >= 20 ? 0.22 : 0.14
        }).bindTooltip(plainWords(say(chosen.words.reports, { count: cell.reports_at_least })), { sticky: true })));
      }).catch(() => {});
    };
  }

  /* The address holds filter and view; links, embed and the forms follow it. */
  function address(map, chosen, moved) {
    const asked = query(chosen);
    if (chosen.layer !== "incidents") asked.set("layer", chosen.layer);
    if (chosen.layer === "hexagons" && chosen.shade !== "incidents") asked.set("shade", chosen.shade);
    if (chosen.show.length < 2) asked.set("show", chosen.show.join(",") || "none");
    if (moved) {
      const middle = map.getCenter().wrap();
      asked.set("view", middle.lng.toFixed(3) + "," + middle.lat.toFixed(3) + "," + map.getZoom());
    }
    return asked;
  }
  function keepAddress(map, chosen, moved) {
    const asked = address(map, chosen, moved), lang = new URLSearchParams(location.search).get("lang");
    const shared = String(asked) ? "?" + asked : "";
    const own = new URLSearchParams(asked);
    if (lang) own.set("lang", lang);
    if (chosen.embedded) return;
    history.replaceState(null, "", location.pathname + (String(own) ? "?" + own : ""));
    byId("share-link").value = byId("share-printed").textContent = location.origin + location.pathname + shared;
    byId("share-embed").value = '<iframe src="' + location.origin + new URL(chosen.embed).pathname + shared.replace(/"/g, "") + '" width="100%" height="600" title="Headlamp" loading="lazy"></iframe>';
    byId("f-show").value = chosen.show.join(",") || "none";
    document.querySelectorAll(".languages a").forEach((link) => {
      const there = new URLSearchParams(asked);
      there.set("lang", link.hreflang);
      link.href = "?" + there;
    });
    let view = byId("filters").elements.namedItem("view");
    if (moved && asked.get("view")) {
      if (!view) { view = element("input", "", { type: "hidden", name: "view" }); byId("filters").append(view); }
      view.value = asked.get("view");
    }
  }
  /* The page for another period: sentence, list, charts and links are the server's, put in place of the old. */
  function swap(map, chosen) {
    const asked = query(chosen), lang = new URLSearchParams(location.search).get("lang");
    if (lang) asked.set("lang", lang);
    return fetch(chosen.page + "?" + asked, { credentials: "same-origin" }).then((response) => response.text()).then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      document.querySelectorAll("[data-swap]").forEach((old) => {
        const fresh = page.getElementById(old.id);
        if (fresh) old.replaceChildren(...fresh.childNodes);
      });
    });
  }
  function addTime(map, chosen, show) {
    const controls = byId("time-controls"), keys = Object.keys(chosen.months);
    if (!controls || keys.length < 2) return;
    const from = byId("t-from"), to = byId("t-to"), play = byId("t-play"), shown = byId("t-shown");
    const bars = [...document.querySelectorAll(".month")];
    let playing = false, waiting = null;
    [from, to].forEach((range) => { range.max = String(keys.length - 1); });
    const place = (key, otherwise) => { const at = keys.indexOf((key || "").slice(0, 7)); return at < 0 ? otherwise : at; };
    from.value = String(place(chosen.filter.from, 0));
    to.value = String(place(chosen.filter.to, keys.length - 1));
    controls.hidden = false;
    function tell() {
      const first = Number(from.value), last = Number(to.value);
      bars.forEach((bar, index) => bar.classList.toggle("is-within", index >= first && index <= last));
      from.setAttribute("aria-valuetext", chosen.months[keys[first]]);
      to.setAttribute("aria-valuetext", chosen.months[keys[last]]);
      shown.value = chosen.months[keys[first]] + (first === last ? "" : " – " + chosen.months[keys[last]]);
    }
    function apply() {
      const first = Number(from.value), last = Number(to.value);
      const whole = first === 0 && last === keys.length - 1;
      ["from", "to"].forEach((name, end) => {
        const key = keys[end ? last : first];
        if (whole) delete chosen.filter[name]; else chosen.filter[name] = key;
        byId("f-" + name).value = whole ? "" : key;
      });
      keepAddress(map, chosen, chosen.moved);
      return Promise.all([show(), swap(map, chosen)]).catch(() => {});
    }
    function settle() { clearTimeout(waiting); waiting = setTimeout(apply, 250); }
    from.addEventListener("input", () => { if (Number(from.value) > Number(to.value)) to.value = from.value; tell(); settle(); });
    to.addEventListener("input", () => { if (Number(to.value) < Number(from.value)) from.value = to.value; tell(); settle(); });
    function step(width) {
      if (!playing) return;
      tell();
      const started = Date.now();
      apply().then(() => setTimeout(() => {
        if (!playing) return;
        const next = Number(from.value) + 1;
        if (next + width > keys.length - 1) { stop(); return; }
        from.value = String(next);
        to.value = String(next + width);
        step(width);
      }, Math.max(0, 1200 - (Date.now() - started))));
    }
    function stop() { playing = false; play.textContent = chosen.words.play; }
    play.addEventListener("click", () => {
      if (playing) { stop(); return; }
      playing = true;
      play.textContent = chosen.words.stop;
      let width = Number(to.value) - Number(from.value);
      if (width + 1 >= keys.length - 1 || Number(to.value) === keys.length - 1) {
        width = width + 1 >= keys.length - 1 ? 0 : width;
        from.value = "0";
        to.value = String(width);
      }
      step(width);
    });
    tell();
  }
  function addLayers(map, chosen, draw) {
    const box = byId("layers");
    function mark() {
      document.querySelectorAll(".for-script").forEach((one) => { one.hidden = false; });
      const hexagons = chosen.layer === "hexagons";
      document.querySelectorAll(".for-hexagons").forEach((one) => { one.hidden = !hexagons; });
      document.querySelectorAll(".for-incidents").forEach((one) => { one.hidden = hexagons; });
      const areas = chosen.show.includes("areas"), isNear = map.getZoom() >= AREAS_FROM;
      document.querySelectorAll(".for-areas").forEach((one) => { one.hidden = !areas || !isNear; });
      byId("areas-later").hidden = !areas || isNear;  /* a legend of what is not drawn misleads */
      document.querySelectorAll(".for-coverage").forEach((one) => { one.hidden = !chosen.show.includes("coverage"); });
    }
    mark();
    map.on("zoomend", mark);
    if (!box) return;
    box.hidden = false;
    box.addEventListener("change", (event) => {
      if (event.target.name === "layer") chosen.layer = event.target.value;
      if (event.target.name === "shade") chosen.shade = event.target.value;
      chosen.show = ["areas", "coverage"].filter((name) => byId("show-" + name).checked);
      mark();
      keepAddress(map, chosen, chosen.moved);
      draw();
    });
  }
  function addSearch(map, chosen) {
    const form = document.querySelector("form.find"), found = byId("found");
    if (!form) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = byId("find").value.trim();
      if (!words) return;
      fetchJson(chosen.search + "?" + new URLSearchParams({ q: words, limit: "8" })).then((page) => {
        const list = element("ul");
        page.results.forEach((area) => {
          const item = element("li"), go = element("button", area.name + " (" + area.country + ")", { type: "button", class: "plain" });
          go.addEventListener("click", () => { map.setView([area.lat, area.lon], 9); map.getContainer().focus(); });
          item.append(go, " · ", element("a", chosen.words.only_near, { href: chosen.page + "?" + query(chosen, { area: String(area.id) }) }));
          list.append(item);
        });
        found.replaceChildren(page.results.length ? list : element("p", chosen.words.no_area));
      }).catch(() => { form.submit(); });
    });
  }
  function addShare(chosen) {
    const told = byId("copied");
    document.querySelectorAll("[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const field = byId(button.dataset.copy);
        const marked = () => { field.focus(); field.select(); return document.execCommand("copy"); };
        const written = navigator.clipboard ? navigator.clipboard.writeText(field.value).then(() => true, marked) : Promise.resolve(marked());
        written.then((is) => { told.textContent = is ? chosen.words.copied : chosen.words.not_copied; });
      });
    });
  }
  function firstView(map, chosen) {
    const held = (chosen.filter.bbox || "").split(",").map(Number);
    const at_once = { animate: false };  /* what is drawn next is of this view already */
    if (chosen.view) map.setView([chosen.view[1], chosen.view[0]], chosen.view[2], at_once);
    else if (held.length === 4 && held[0] < held[2]) map.fitBounds([[held[1], held[0]], [held[3], held[2]]], at_once);
    else if (chosen.extent) map.fitBounds([[chosen.extent[1], chosen.extent[0]], [chosen.extent[3], chosen.extent[2]]], { padding: [24, 24], maxZoom: 9, animate: false });
    else map.setView([1.5, 12], map.getSize().x < 600 ? 2 : 3, at_once);
  }

  window.headlampMap = function (map) {
    const chosen = options("map-options");
    chosen.embedded = document.body.classList.contains("embedded");
    chosen.moved = Boolean(chosen.view);
    byId("map-frame").classList.add("is-live");
    map.invalidateSize();
    firstView(map, chosen);
    const told = (words) => { byId("map-told").textContent = words; };
    if (chosen.tiles) L.tileLayer(chosen.tiles, { attribution: plainWords(chosen.attribution).innerHTML, maxZoom: map.getMaxZoom(), zIndex: 1 }).addTo(map);
    const incidents = addIncidents(map, chosen, told), areas = addAreas(map, chosen, told), coverage = addCoverage(map, chosen);
    addBasemap(map, chosen, (countries) => { chosen.land = countries; coverage(); });
    const draw = () => { areas(); coverage(); return incidents(); };
    draw();
    addLayers(map, chosen, draw);
    addTime(map, chosen, () => { coverage(); return incidents(); });
    addSearch(map, chosen);
    if (!chosen.embedded) addShare(chosen);
    map.on("moveend", () => {
      chosen.moved = true;
      keepAddress(map, chosen, true);
      areas();
      if (chosen.layer === "incidents" || chosen.drawnZoom !== map.getZoom()) incidents();
      chosen.drawnZoom = map.getZoom();
    });
  };
})();
