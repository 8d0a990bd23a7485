"""OGC API - Features 1.0 (OGC 17-069r4): what is published, for QGIS, GDAL and their like."""
