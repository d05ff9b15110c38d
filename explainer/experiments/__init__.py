"""One module a page, one pure function a movement: slider values in, frozen arrays out."""
