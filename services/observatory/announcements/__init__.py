"""When releases will appear: announced days, kept with every change of them."""
