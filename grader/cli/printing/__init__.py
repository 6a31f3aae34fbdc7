"""What commands print, and the streams that it goes through."""
