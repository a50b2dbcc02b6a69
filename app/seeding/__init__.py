"""The way in: file -> document -> mentions -> rows -> revision."""
