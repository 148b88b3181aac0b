"""What a model puts out, and how its heads follow from that."""
