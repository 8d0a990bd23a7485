/* Shows what needs a passkey where the browser knows passkeys, and says in words when one was not used. */
(function () {
  'use strict'
  const known = Boolean(window.PublicKeyCredential)
  document.querySelectorAll('.needs-script').forEach(function (part) { part.hidden = !known })
  document.addEventListener('allauth.error', function (event) {
    const place = document.getElementById('passkey-error')
    if (place) {
      event.preventDefault()
      place.hidden = false
      place.focus()
    }
  })
})()
