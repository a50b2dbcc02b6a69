"""The catalogue: read the built-in entities.yaml and tags.yaml, and those of the seeds, and merge them."""

from app.seeding.catalogue.catalogue import Catalogue, EntityEntry, TagEntry
from app.seeding.catalogue.reading import CatalogueReading, find_catalogue_files, read_catalogue

__all__ = ["Catalogue", "CatalogueReading", "EntityEntry", "TagEntry", "find_catalogue_files", "read_catalogue"]
