"""SDMX-REST: structures, data and availability as SDMX 3 and SDMX 2.1 clients ask for them."""
