"""Word lists: words that are often capitalized next to a surname without being a part of a name."""


def word_set(*lines: str) -> frozenset[str]:
    """Return the words of all lines."""
    return frozenset(" ".join(lines).split())


CALENDAR = word_set(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July",
    "August September October November December",
)

TITLES = word_set(
    "Academician Admiral Adviser Advisor Ambassador Archbishop Ayatollah Baron Bishop Brigadier Captain",
    "Cardinal Chair Chairman Chairwoman Chancellor Chief Colonel Commander Commissioner Comrade",
    "Congressman Congresswoman Consul Corporal Count Countess Dame Deputy Dictator Director Doctor Dr",
    "Duchess Duke Emir Emperor Empress Engineer Envoy Father Former Gen General Governor Herr Frau Imam",
    "Inspector Judge Justice King Lady Leader Lieutenant Lord Lt Madame Major Marshal Mayor Minister Miss",
    "Monsieur Mr Mrs Ms Negotiator Officer Physicist Pilot Pope Premier President Prime Prince Princess",
    "Prof Professor Queen Rabbi Representative Reverend Scientist Secretary Sen Senator Sergeant Sheikh",
    "Sir Speaker Spokesman Spokeswoman Sultan Tsar Vice Präsident Präsidentin Kanzler Kanzlerin",
    "Außenminister Président Ministre Presidente Ministro Señor Signor Президент Министр",
)

OFFICES = word_set("President Premier Chancellor Chairman Pope")
"""Titles that few people have: with one of them even a frequent surname means its only bearer in the catalogue."""

TITLES_OF_WOMEN = word_set("Baroness Countess Dame Duchess Empress Frau Lady Madame Miss Mrs Ms Princess Queen")
"""Titles that may mean a relative of the person who is known by the surname."""

OPENERS = word_set(
    "A According Addressing After Again Against Also Although Among An And Another As Asked At Because",
    "Before Being Both But By Can Could Did Does Do Despite During Earlier Even Ever For From Had Has",
    "Have He Her Here His How However If In Instead Is It Its Just Last Late Later Like Many Meanwhile",
    "More Most Next No Nor Not Now Of On Once Only Or Other Our Over Perhaps Said Says She Should Since",
    "So Still Such Than That The Their Then There These They This Those Though Through Throughout To",
    "Today Tomorrow Told Too Under Unlike Until Upon Was Were What When Whenever Where Whereas Whether",
    "Which While Who Whom Whose Why With Within Without Would Yesterday Yet You Your",
)

GIVEN_NAMES = word_set(
    "Angel Art Bill Bob Chase Chuck Dawn Dean Dick Don Drew Earnest Eve Faith Frank Gene Grace Grant Guy",
    "Hope Iris Ivy Jack Jean Jimmy Joy Lance Lily Mark Max Miles Nick Norm Pat Penny Peter Ray Rich Rob",
    "Rose Ruby Sally Sandy Sky Sue Ted Victor Wade Ward Will",
)
"""Given names that are also words: one in lower case proves nothing."""
