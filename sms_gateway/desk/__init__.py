"""What the desk sees of the telephones: lines, messages that are held, numbers shown with a reason."""
