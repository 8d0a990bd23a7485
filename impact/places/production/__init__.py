"""What producing countries and areas are said to produce: figures read, kept with their history, chosen."""
