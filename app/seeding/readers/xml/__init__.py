"""Readers of XML: TEI, news agencies' formats, exports of WordPress and MediaWiki; nothing is fetched or expanded."""
