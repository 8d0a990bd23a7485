"""How far "near" reaches, in words: texts say what the installation is set to."""

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def reach_words() -> str:
    """ "25 km", or "10 to 40 km" where kinds of areas reach differently far, in the reader's language."""
    least, most = (number_format(f"{end(settings.NEAR_M.values()) / 1000:g}") for end in (min, max))
    if least == most:
        return _("%(km)s km") % {"km": most}
    return _("%(least)s to %(most)s km") % {"least": least, "most": most}
