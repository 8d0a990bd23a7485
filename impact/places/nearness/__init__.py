"""What is near what, how far and how surely: arrays of coordinates, and the areas around a point."""
