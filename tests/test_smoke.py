def test_the_seeds_are_served(seeded):
    page = seeded.json("/articles", q="missile", limit=5)

    assert len(page["items"]) == 5
    assert page["total"] > 5
    assert len(seeded.walk("/articles", limit=7)) == 36
    for path in ("/paragraphs", "/entities", "/tags", "/timeline", "/corpus"):
        seeded.json(path)
