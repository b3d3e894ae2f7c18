"""What happens to a diagnostic after its submission: review, comments, delivery, amendment."""
