"""What runs inside the box, beside the submission. Only here is torch imported; nothing here is trusted outside."""
