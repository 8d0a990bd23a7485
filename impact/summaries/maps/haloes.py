"""Text that stays readable over lines: a white outline beneath, and the text itself.

With an effect, matplotlib draws text as an outline, which no reader of a PDF can search; hence the copy.
"""

from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.text import Text

HALO = [patheffects.Stroke(linewidth=1.8, foreground="#ffffff")]


def add_plain_copy(axes: Axes, halo: Text, *, leading: float = 1.2) -> None:
    """The text itself over its halo, in the same place."""
    x, y = halo.get_position()
    plain = axes.text(
        x,
        y,
        halo.get_text(),
        transform=halo.get_transform(),
        fontproperties=halo.get_fontproperties(),
        color=halo.get_color(),
        ha=halo.get_horizontalalignment(),
        va=halo.get_verticalalignment(),
        zorder=halo.get_zorder(),
        clip_on=True,
    )
    plain.set_linespacing(leading)
