/* What every map draws with: the basemap from here, shapes and colours by theme, areas; and the small maps. */
"use strict";
(function () {
  const THEMES = ["violence", "labour", "environment", "conflict_finance", "other"];
  const SHAPES = {
    violence: '<circle r="7"/>',
    labour: '<rect x="-6" y="-6" width="12" height="12"/>',
    environment: '<path d="M0-7.5 7.5 6h-15z"/>',
    conflict_finance: '<path d="M0-8 7 0 0 8-7 0z"/>',
    other: '<path d="M-2-7h4v5h5v4h-5v5h-4v-5h-5v-4h5z"/>'
  };
  const LAND = { color: "#8b8577", weight: 0.7, fillColor: "#fbfaf7", fillOpacity: 1, interactive: false };
  const DETAIL = {
    region: { color: "#b5aea0", weight: 0.7, dashArray: "3 3", fill: false, interactive: false },
    lake: { stroke: false, fillColor: "#d9e4ea", fillOpacity: 1, interactive: false },
    river: { color: "#b9cdd8", weight: 1, fill: false, interactive: false }
  };
  const AREA = {
    artisanal: { color: "#9a6d00", weight: 2, fillColor: "#e0a100", fillOpacity: 0.25 },
    industrial: { color: "#3c4753", weight: 1.5, fillColor: "#56636f", fillOpacity: 0.85 },
    mixed: { color: "#3c4753", weight: 2, fillColor: "#e0a100", fillOpacity: 0.6 },
    unknown: { color: "#767676", weight: 1.5, fillColor: "#fff", fillOpacity: 0.3 }
  };

  function options(id) {
    return JSON.parse(document.getElementById(id).textContent);
  }
  function fetchJson(url) {
    return fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then((response) => {
      if (!response.ok) throw new Error(url + ": " + response.status);
      return response.json();
    });
  }
  /* The basemap comes as steps from corner to corner, in half the bytes: GeoJSON again. */
  function corners(words, scale) {
    let x = 0, y = 0;
    return words.split(" ").map((word) => {
      const comma = word.indexOf(",");
      x += Number(word.slice(0, comma));
      y += Number(word.slice(comma + 1));
      return [x / scale, y / scale];
    });
  }
  function fetchShapes(url, more) {
    return fetchJson(url + "?steps=1" + more).then((found) => {
      const read = (part) => (typeof part === "string" ? corners(part, found.scale) : part.map(read));
      return {
        type: "FeatureCollection",
        features: found.shapes.map(([properties, type, coordinates]) => ({ type: "Feature", properties, geometry: { type, coordinates: read(coordinates) } }))
      };
    });
  }
  /* Leaflet takes a string for HTML; a name out of somebody's file is only ever words. */
  function plainWords(text) {
    const element = document.createElement("span");
    element.textContent = text;
    return element;
  }
  function shape(theme, size) {
    return '<svg class="shape t-' + theme + '" viewBox="-9 -9 18 18" width="' + size + '" height="' + size + '">' + SHAPES[theme] + "</svg>";
  }
  /* A ring whose parts are the themes, and the count in the middle. */
  function ring(cluster, size) {
    let start = 0;
    const around = 2 * Math.PI * 9;
    const parts = THEMES.filter((theme) => cluster.by_theme[theme]).map((theme) => {
      const length = (cluster.by_theme[theme] / cluster.count) * around;
      const part = '<circle class="s-' + theme + '" r="9" stroke-dasharray="' + length.toFixed(2) + " " + around.toFixed(2) + '" stroke-dashoffset="' + (-start).toFixed(2) + '"/>';
      start += length;
      return part;
    });
    return '<svg class="ring" viewBox="-12 -12 24 24" width="' + size + '" height="' + size + '"><circle class="ring-ground" r="11"/><g transform="rotate(-90)">' +
      parts.join("") + '</g><text dy="0.35em"' + (cluster.count > 999 ? ' class="more"' : cluster.count > 99 ? ' class="three"' : "") + ">" +
      cluster.count.toLocaleString(document.documentElement.lang) + "</text></svg>";
  }
  /* Outlines first where the page offers them, for a slow line; the countries from the zoom that shows more. */
  function addBasemap(map, chosen, onLand) {
    map.attributionControl.addAttribution("Natural Earth · GeoNames");
    map.createPane("land").style.zIndex = 200;
    let held = null, drawn = null;
    function showLand() {
      const wanted = chosen.starts_with_outlines && map.getZoom() < 5 ? "&outline=1" : "";
      if (held === "" || held === wanted) return;
      held = wanted;
      fetchShapes(chosen.basemap, wanted).then((countries) => {
        if (held !== wanted) return;
        if (drawn) drawn.remove();
        drawn = L.geoJSON(countries, { style: LAND, pane: "land" }).addTo(map);
        if (onLand) onLand(countries);
      }).catch(() => { held = null; });
    }
    map.on("zoomend", showLand);
    showLand();
    let detail = null;
    function showDetail() {
      if (detail || map.getZoom() < 6) return;
      detail = true;
      map.createPane("detail").style.zIndex = 210;
      fetchShapes(chosen.basemap, "&detail=1").then((found) => {
        L.geoJSON(found, { style: (feature) => DETAIL[feature.properties.kind] || DETAIL.river, pane: "detail" }).addTo(map);
      }).catch(() => { detail = null; });
    }
    map.on("zoomend", showDetail);
    showDetail();
  }
  function areaLayer(feature, latlng) {
    return L.circleMarker(latlng, Object.assign({ radius: 5 }, AREA[feature.properties.kind] || AREA.unknown));
  }
  function clusterMarker(map, cluster, chosen) {
    const single = cluster.count === 1 && cluster.id;
    const theme = THEMES.find((name) => cluster.by_theme[name]) || "other";
    const size = single ? 24 : Math.round(Math.min(30 + 4 * Math.sqrt(cluster.count), 72));
    const icon = L.divIcon({ className: "point", html: single ? shape(theme, 20) : ring(cluster, size), iconSize: [size, size] });
    const marker = L.marker([cluster.lat, cluster.lon], { icon: icon, keyboard: true, alt: String(cluster.count), title: String(cluster.count), riseOnHover: true });
    const act = () => {
      if (single) window.location.href = chosen.incident + cluster.id + "/";
      else map.setView(marker.getLatLng(), Math.min(map.getZoom() + 2, map.getMaxZoom()));
    };
    marker.on("click", act);
    marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") act(); });
    return marker;
  }

  /* What the public map (publicmap.js) draws with, too. */
  window.headlampDrawing = { THEMES, AREA, options, fetchJson, plainWords, shape, ring, addBasemap };

  /* A point for the report form: a tap writes the numbers, the numbers move the point. */
  window.headlampPointMap = function (map) {
    /* Shown by the script: without one there is no map to tap. */
    const frame = document.getElementById("point-map");
    if (frame) { frame.hidden = false; map.invalidateSize(); }
    addBasemap(map, options("map-options"));
    map.setView([2, 20], 3);
    const fields = ["id_latitude", "id_longitude"].map((id) => document.getElementById(id));
    const mark = L.circleMarker([0, 0], { radius: 9, color: "#1b1f24", weight: 2, fillColor: "#e0a100", fillOpacity: 1 });
    function show() {
      const [latitude, longitude] = fields.map((field) => parseFloat(field.value.replace(",", ".")));
      if (Number.isFinite(latitude) && Number.isFinite(longitude)) mark.setLatLng([latitude, longitude]).addTo(map);
      else mark.remove();
    }
    map.on("click", (event) => {
      const place = event.latlng.wrap();
      fields[0].value = place.lat.toFixed(4);
      fields[1].value = place.lng.toFixed(4);
      show();
    });
    fields.forEach((field) => field.addEventListener("input", show));
    const details = map.getContainer().closest("details");
    if (details) details.addEventListener("toggle", () => map.invalidateSize());
    /* Open where the reporter has been already: at the point, or at the place chosen above. */
    function look() {
      const chosen = document.querySelector("input[name=place]:checked");
      const point = mark._map ? mark.getLatLng() : chosen && chosen.dataset.point ? chosen.dataset.point.split(",") : null;
      if (point) map.setView(point, 8);
    }
    document.querySelectorAll("input[name=place]").forEach((choice) => choice.addEventListener("change", look));
    show();
    look();
  };

  window.headlampAreaMap = function (map) {
    const chosen = options("map-options");
    const picture = options("area-picture");
    const frame = document.getElementById("map-frame");
    if (frame) { frame.classList.add("is-live"); map.invalidateSize(); }
    addBasemap(map, chosen);
    const drawn = L.geoJSON({ type: "Feature", properties: { kind: picture.kind }, geometry: picture.area }, {
      style: AREA[picture.kind] || AREA.unknown,
      pointToLayer: areaLayer
    }).addTo(map);
    const bounds = drawn.getBounds();
    picture.incidents.forEach((cluster) => {
      clusterMarker(map, cluster, chosen).addTo(map);
      bounds.extend([cluster.lat, cluster.lon]);
    });
    map.fitBounds(bounds.pad(0.3), { maxZoom: 9 });
  };

  /* Producing areas on the desk: each leads to its page. */
  window.headlampDeskAreas = function (map) {
    addBasemap(map, options("map-options"));
    const drawn = L.geoJSON(options("area-shapes"), {
      style: (feature) => AREA[feature.properties.kind] || AREA.unknown,
      pointToLayer: areaLayer,
      onEachFeature: (feature, layer) => {
        layer.bindTooltip(plainWords(feature.properties.name));
        layer.on("click", () => { window.location.href = feature.properties.url; });
      }
    }).addTo(map);
    map.fitBounds(drawn.getBounds().pad(0.3), { maxZoom: 10 });
  };
})();
