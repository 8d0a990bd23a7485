"""How it is done, for readers who doubt it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """The short form of docs/method.md."""
    return render(request, "public/method.html")
