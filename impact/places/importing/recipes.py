"""Recipes: what an import of one source's files was told, kept under a name to be told again."""

from typing import Any

from impact.places.area_records import AreaRecipe
from impact.places.importing.source import ImportRefused

# What a recipe keeps: what is true of every file of the source, never what was done with one of them.
KEPT = ("source", "licence", "map", "country", "kind", "layer", "crs", "line_end", "encoding")


def save_recipe(name: str, options: dict[str, Any]) -> None:
    """Keep what was told under a name; an older recipe of that name is replaced."""
    kept = {key: options[key] for key in KEPT if options.get(key)}
    AreaRecipe.objects.update_or_create(name=name, defaults={"options": kept})


def with_recipe(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options with those of a recipe where none were given; mappings of both, the given ones first.

    Raises ImportRefused for a recipe that does not exist.
    """
    recipe = AreaRecipe.objects.filter(name=name).first()
    if recipe is None:
        names = ", ".join(AreaRecipe.objects.values_list("name", flat=True)) or "none"
        raise ImportRefused(f"there is no recipe {name!r}; there are: {names}")
    told = {key: value for key, value in recipe.options.items() if key in KEPT and not options.get(key)}
    mapped = [*recipe.options.get("map", []), *options.get("map", [])]
    return {**options, **told, "map": mapped}
