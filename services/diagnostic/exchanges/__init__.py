"""Grids in and out: canonical JSON, an Excel workbook, FHIR, SurveyJS, XLSForm."""
