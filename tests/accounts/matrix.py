"""Who may open which address. A new address needs one line here, with one of the doors below.

The names are those of the URL patterns; "reports_api:*" stands for all that begin so. Example arguments are
taken from tests/web/test_every_address.py. tests/accounts/test_matrix.py walks every cell.
"""

from dataclasses import dataclass, field

from impact.accounts.models import Role

EVERYBODY = frozenset(Role)
DESK = frozenset({Role.MONITOR_COORDINATOR, Role.MODERATOR, Role.SENIOR_MODERATOR})
MODERATORS = frozenset({Role.MODERATOR, Role.SENIOR_MODERATOR})
EXPORTERS = DESK | {Role.ADVOCATE}


@dataclass(frozen=True)
class Door:
    """Who passes. `opens_for` None: the whole world. `is_case`: only its own organisation; others get 404.

    `absent_for` are those for whom the example is not there (404), though they may open the address.
    """

    opens_for: frozenset[Role] | None
    is_case: bool = False
    method: str = "GET"
    absent_for: frozenset[Role] = field(default=frozenset())


PUBLIC = Door(None)
STAFF = Door(EVERYBODY)  # one's own account: everybody who is signed in
STAFF_WITHOUT = Door(EVERYBODY, absent_for=EVERYBODY)  # one's own, and the example belongs to nobody
CASES = Door(DESK)
CASE = Door(DESK, is_case=True)
DECIDE = Door(MODERATORS, is_case=True, method="POST")
DECIDE_WITHOUT = Door(MODERATORS, method="POST", absent_for=MODERATORS)  # the example is not there
SENIOR = Door(frozenset({Role.SENIOR_MODERATOR}))
EXPORT = Door(EXPORTERS)
EXPORT_OWN = Door(EXPORTERS, is_case=True)  # what was made in one's own organisation
ADMINISTER = Door(frozenset({Role.ADMINISTRATOR}))
ADMINISTER_OWN = Door(frozenset({Role.ADMINISTRATOR}), is_case=True)
READ_LOG = Door(frozenset({Role.AUDITOR}))

DOORS: dict[str, Door] = {
    # The public pages.
    "web:map": PUBLIC,
    "web:embed": PUBLIC,
    "web:map_areas": PUBLIC,
    "web:basemap": PUBLIC,
    "web:explore": PUBLIC,
    "web:incident": PUBLIC,
    "web:areas": PUBLIC,
    "web:area": PUBLIC,
    "web:snapshots": PUBLIC,
    "web:snapshot": PUBLIC,
    "web:snapshot_check": PUBLIC,
    "web:snapshot_generalised": PUBLIC,
    "web:feed": PUBLIC,
    "web:alerts": PUBLIC,
    "web:alerts_confirm": PUBLIC,
    "web:alerts_leave": PUBLIC,
    "web:snapshot_lines": PUBLIC,
    "web:method": PUBLIC,
    "web:report": PUBLIC,
    "web:follow": PUBLIC,
    "web:simulator": PUBLIC,
    "web:healthz": PUBLIC,
    "web:readyz": PUBLIC,
    "reports_api:*": PUBLIC,
    "ogc:*": PUBLIC,
    "ogc_start": PUBLIC,
    "openrosa:*": PUBLIC,
    # Telephones: their own signatures and tokens guard these.
    "sms_gateway:*": PUBLIC,
    "gateways:gateways": Door(MODERATORS),
    "gateways:review": Door(MODERATORS, method="POST"),
    "metrics": PUBLIC,  # by a token, or from this machine alone
    # Advocates.
    "web:exports": EXPORT,
    "web:export_preview": EXPORT,
    "web:export_new": EXPORT,
    "web:export": EXPORT_OWN,
    "web:export_state": EXPORT_OWN,
    "web:export_file": EXPORT_OWN,
    "web:export_again": Door(EXPORTERS, is_case=True, method="POST"),
    # The desk.
    "desk:queue": CASES,
    "desk:case": CASE,
    "desk:act": DECIDE,
    "desk:talk": CASE,
    "desk:preview": CASE,
    "desk:evidence": CASE,
    "desk:evidence_blur": DECIDE,
    "desk:evidence_original": DECIDE,
    "desk:evidence_picture": CASE,
    "desk:evidence_manifest": CASE,
    "reveal_contact": Door(frozenset({Role.MONITOR_COORDINATOR, Role.SENIOR_MODERATOR}), is_case=True),
    "desk:counts": CASES,
    "desk:save_view": Door(DESK, method="POST"),
    "desk:decide_many": Door(MODERATORS, method="POST"),
    "desk:areas": Door(MODERATORS),
    "desk:area_pairs": Door(MODERATORS),
    "desk:area": Door(MODERATORS),
    "desk:area_act": Door(MODERATORS, method="POST"),
    "desk:log": READ_LOG,
    "desk:log_file": READ_LOG,
    "desk:alerts": CASES,
    "desk:alert_close": DECIDE_WITHOUT,
    "desk:alert_switch": DECIDE_WITHOUT,
    "desk:alert_edit": Door(MODERATORS, absent_for=MODERATORS),
    # People.
    "people:people": ADMINISTER,
    "people:person": ADMINISTER_OWN,
    "people:organisations": ADMINISTER_OWN,
    "keys:keys": ADMINISTER,
    # One's own account.
    "accounts:sign_in": PUBLIC,
    "accounts:sign_out": PUBLIC,
    "accounts:start": STAFF,
    "accounts:sessions": STAFF,
    "accounts:invitation": PUBLIC,
    "accounts:notices_read": Door(EVERYBODY, method="POST"),
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reauthenticate": STAFF,
    "account_change_password": STAFF,
    "mfa_login_webauthn": STAFF,  # without a passkey it leads back to the sign-in
    "mfa_authenticate": STAFF,  # who is wholly signed in is sent on to work
    "mfa_index": STAFF,
    "mfa_reauthenticate": STAFF,
    "mfa_activate_totp": STAFF,
    "mfa_deactivate_totp": STAFF_WITHOUT,
    "mfa_view_recovery_codes": STAFF_WITHOUT,
    "mfa_generate_recovery_codes": STAFF,
    "mfa_download_recovery_codes": STAFF_WITHOUT,
    "mfa_list_webauthn": STAFF,
    "mfa_add_webauthn": STAFF,
    "mfa_reauthenticate_webauthn": STAFF,
    "mfa_remove_webauthn": STAFF_WITHOUT,
    "mfa_edit_webauthn": STAFF_WITHOUT,
}

# What somebody may open who gave the password and has not set up a second factor yet.
WHILE_ENROLLING = {
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}

# What somebody may open who gave the password and has not given the code: the page for the code.
WHILE_HALFWAY = {"mfa_authenticate", "mfa_login_webauthn"}


def door_of(name: str) -> Door | None:
    """The door of an address, by its name or by the line for all that begin so."""
    return DOORS.get(name) or DOORS.get(f"{name.split(':', 1)[0]}:*")
