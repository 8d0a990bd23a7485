"""From a delivery to a report: kept first, taken in once, whatever dies in between."""
