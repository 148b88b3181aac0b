"""Discovery of motifs in attribution maps, and their comparison with known and with planted motifs."""
