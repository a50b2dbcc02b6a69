"""Readers of office files, which are zip files of XML: Word, OpenDocument and EPUB."""
