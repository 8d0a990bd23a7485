"""The view that all others are: UTF-8 whatever is claimed, JSON or GeoJSON, no parameter overlooked."""

from collections.abc import Callable, Collection, Iterable, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from impact.publication.filtering import IncidentFilter, filter_parameters
from impact.publication.freshness import answer_fresh
from reports_api.problems import InvalidParameter


class GeoJSONRenderer(JSONRenderer):
    media_type = "application/geo+json"
    format = "geojson"


class NamedFormats(DefaultContentNegotiation):
    """`?format=` before the Accept header; an unknown format is the parameter's fault, not a missing page."""

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:  # noqa: A002
        named = [renderer for renderer in renderers if renderer.format == format]
        if not named:
            known = ", ".join(renderer.format for renderer in renderers)
            raise InvalidParameter("format", _("Formats here: %(known)s.") % {"known": known})
        return named

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        offered = list(renderers)
        if not (format_suffix or request.query_params.get("format")):
            # DRF passes over the quality that the Accept header gives to each type (RFC 9110, 12.5.1).
            wanted = request.get_preferred_type([str(renderer.media_type) for renderer in offered])
            offered.sort(key=lambda renderer: renderer.media_type != wanted)
        chosen, media_type = super().select_renderer(request, offered, format_suffix)
        # Rendered as asked for: what the Accept header adds (indent, quality) is no part of the answer.
        return chosen, chosen.media_type or media_type


# No docstring: it would be read out as the description of every operation.
class ApiView(APIView):
    content_negotiation_class = NamedFormats
    parameters: tuple[str, ...] = ("format",)  # that the query may have
    is_cacheable = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.is_cacheable:
            return super().dispatch(request, *args, **kwargs)
        return answer_fresh(request, lambda: super(ApiView, self).dispatch(request, *args, **kwargs))

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # RFC 8259 and our own addresses: UTF-8, whatever charset a request claims.
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        for name in request.query_params:
            if name not in self.parameters:
                raise InvalidParameter(name, _("There is no such parameter here."))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if not (self.is_cacheable and final.status_code == HTTPStatus.OK):
            final.headers["Cache-Control"] = "no-store"
        return final

    def wants_geojson(self, request: Request) -> bool:
        return isinstance(request.accepted_renderer, GeoJSONRenderer)


def filter_of(request: Request, *names: str) -> IncidentFilter:
    """The filter in the query, of these parameters alone where some are named. A parameter given twice means
    both values. Raises FilterError."""
    given = filter_parameters(request.query_params)
    return IncidentFilter.parse({name: given[name] for name in names or given if name in given})


def word_of(request: Request, name: str, known: Sequence[str]) -> str:
    """One word of a closed list from the query; InvalidParameter when it is missing or not on the list."""
    word = str(request.query_params.get(name, "")).strip()
    if word not in known:
        raise InvalidParameter(name, _("One of: %(known)s.") % {"known": ", ".join(known)})
    return word


def words_of(
    request: Request, name: str, known: Collection[str], clean: Callable[[str], str]
) -> tuple[str, ...]:
    """Comma-separated words of a closed list from the query; InvalidParameter for one that is not on it."""
    joined = ",".join(request.query_params.getlist(name))
    words = tuple(clean(word.strip()) for word in joined.split(",") if word.strip())
    if not set(words) <= set(known):
        raise InvalidParameter(name, _("One of: %(known)s.") % {"known": ", ".join(sorted(known))})
    return words


def whole_number_of(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    """A whole number from the query; InvalidParameter when it is none or out of range."""
    text = str(request.query_params.get(name, "")).strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise InvalidParameter(
            name, _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
        )
    return int(text)
