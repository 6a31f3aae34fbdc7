"""Reports as continuous integration reads them."""
