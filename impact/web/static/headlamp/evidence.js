/* Draw the rectangle on the picture instead of writing its numbers. */
(() => {
  "use strict";
  const picture = document.getElementById("evidence-picture");
  const form = document.getElementById("evidence-blur");
  if (!picture || !form) return;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  picture.parentNode.append(canvas);
  let start = null;
  const share = (event) => {
    const box = canvas.getBoundingClientRect();
    const within = (value) => Math.min(1, Math.max(0, value));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  };
  const show = (end) => {
    const left = Math.min(start[0], end[0]), top = Math.min(start[1], end[1]);
    const width = Math.abs(end[0] - start[0]), height = Math.abs(end[1] - start[1]);
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "rgba(26, 29, 33, .7)";
    pen.fillRect(left * canvas.width, top * canvas.height, width * canvas.width, height * canvas.height);
    const whole = { left: Math.floor(left * 100), top: Math.floor(top * 100) };
    whole.width = Math.max(1, Math.ceil((left + width) * 100) - whole.left);
    whole.height = Math.max(1, Math.ceil((top + height) * 100) - whole.top);
    for (const [name, value] of Object.entries(whole)) form.elements[name].value = value;
  };
  canvas.addEventListener("pointerdown", (event) => { start = share(event); canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", (event) => { if (start) show(share(event)); });
  canvas.addEventListener("pointerup", (event) => { if (start) show(share(event)); start = null; });
})();
