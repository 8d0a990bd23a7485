"""What is public as columns of numbers, that each process holds to count with."""
