/* "Leave" leaves nothing to go back to. Without scripts it is a plain link. */
"use strict";
(function () {
  const leave = document.getElementById("leave");
  if (!leave) return;
  leave.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.textContent = "";
    window.location.replace(leave.href);
  });
})();
