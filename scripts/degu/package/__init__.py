"""The folder that a student is given away in: models, construct, calibration, and a card that describes them."""
