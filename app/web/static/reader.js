// Makes pages nicer; everything works without it.
