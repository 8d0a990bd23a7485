"""What is said between a telephone and us: how each text is meant, what is asked and answered."""
