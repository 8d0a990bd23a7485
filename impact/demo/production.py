"""Invented production of the demo's years, rules that raise alerts, and the reporting effort counted."""

from datetime import date, datetime
from decimal import Decimal
from random import Random

from impact.demo.planning import SEED
from impact.moderation.alerting import raise_due_alerts
from impact.moderation.models import AlertRule
from impact.places.models import ProducingArea, ProductionFigure
from impact.places.production.importing import SHIPPED_NAME, import_shipped_production
from impact.places.production.periods import part_of_year
from impact.publication.counting_coverage import refresh_coverage
from impact.publication.counting_waits import count_finished_months
from impact.vocabulary import AreaKind, ProductionKind, Theme

SOURCE_NAME = "Invented for the demonstration"
# Half a year's thousand carats: artisanal, industrial; None is not disclosed. All invented.
_COUNTRIES: dict[str, tuple[int | None, int | None]] = {
    "AO": (400, 4600),
    "BR": (3, 40),
    "CD": (3300, 900),
    "CF": (55, None),
    "CM": (2, None),
    "GH": (100, None),
    "GN": (60, 5),
    "LR": (28, None),
    "LS": (None, 480),
    "SL": (45, 210),
    "TZ": (30, 120),
    "ZA": (None, 2900),
    "ZW": (None, 2400),
}
_US_DOLLARS_A_CARAT = {ProductionKind.ARTISANAL: 120, ProductionKind.INDUSTRIAL: 90}
_AREAS_A_COUNTRY = 2


def invent_production(now: datetime) -> int:
    """Store what is missing of the invented figures. Returns how many were written."""
    if not ProductionFigure.objects.filter(source_name=SHIPPED_NAME).exists():
        import_shipped_production()
    if ProductionFigure.objects.filter(source_name=SOURCE_NAME).exists():
        return 0
    figures = [
        figure
        for country, (artisanal, industrial) in _COUNTRIES.items()
        for kind, thousands in (
            (ProductionKind.ARTISANAL, artisanal),
            (ProductionKind.INDUSTRIAL, industrial),
        )
        for figure in _halves(now, country, None, kind, thousands)
    ]
    for country in _COUNTRIES:
        areas = ProducingArea.objects.filter(country=country, minerals__icontains="diamond").order_by(
            "source_key"
        )
        for area in areas[:_AREAS_A_COUNTRY]:
            is_industrial = area.kind == AreaKind.INDUSTRIAL
            kind = ProductionKind.INDUSTRIAL if is_industrial else ProductionKind.ARTISANAL
            thousands = _COUNTRIES[country][is_industrial]
            figures += _halves(now, country, area, kind, thousands and max(thousands // 5, 1))
    ProductionFigure.objects.bulk_create(figures)
    return len(figures)


def prepare_desk(now: datetime) -> None:
    """Two rules and the alerts that they raise; and the coverage, so that no page waits for the worker."""
    if not AlertRule.objects.exists():
        AlertRule.objects.create(theme=Theme.VIOLENCE, least=3, radius_km=10, window_days=30)
        AlertRule.objects.create(theme=Theme.ENVIRONMENT, least=4, radius_km=25, window_days=60)
    raise_due_alerts(now)
    refresh_coverage(now)
    count_finished_months(now)


def _halves(
    now: datetime, country: str, area: ProducingArea | None, kind: ProductionKind, thousands: int | None
) -> list[ProductionFigure]:
    random = Random(f"{SEED}:production:{country}:{area.source_key if area else ''}:{kind}")  # noqa: S311
    figures = []
    for year in range(now.year - 3, now.year + 1):
        for half in (1, 2):
            period = part_of_year(year, half, 2)
            if period.to_on > now.date() or period.from_on < date(now.year - 3, 7, 1):
                continue
            carats = None if thousands is None else Decimal(int(thousands * 1000 * random.uniform(0.8, 1.2)))
            price = _US_DOLLARS_A_CARAT[kind] * random.uniform(0.7, 1.3)
            figures.append(
                ProductionFigure(
                    country=country,
                    area=area,
                    from_on=period.from_on,
                    to_on=period.to_on,
                    kind=kind,
                    carats=carats,
                    value_usd=None if carats is None else Decimal(int(float(carats) * price)),
                    source=SOURCE_NAME,
                    source_name=SOURCE_NAME,
                    note="Fictional",
                    imported_at=now,
                )
            )
    return figures
