"""Public aids as those write them who fund: drafted, published, changed, withdrawn."""
