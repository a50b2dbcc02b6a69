"""Names of months in the languages whose words the search engine knows, and their usual abbreviations."""

from unicodedata import normalize

MONTHS = {
    "en": "january february march april may june july august september october november december",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar-levant": "كانون-الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين-الأول تشرين-الثاني كانون-الأول",
    "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de-at": "jänner feber märz april mai juni juli august september oktober november dezember",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου "
    "δεκεμβρίου",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es-other": "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "he": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru-nominative": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}
"""Twelve words each, in the case that follows a day."""

SHORTEST = 3
"""Letters of an abbreviation."""


def collect_names() -> dict[str, int | None]:
    """Return the numbers of months by name and abbreviation; None where an abbreviation means several months."""
    names: dict[str, int | None] = {}
    abbreviations: dict[str, int | None] = {}
    for words in MONTHS.values():
        for number, word in enumerate(words.split(), start=1):
            name = normalize("NFC", word.replace("-", " ")).casefold()
            # A full name in one language may be another month in the next one: listopad is October or November.
            names[name] = number if names.get(name, number) == number else None
            for length in range(SHORTEST, len(name)):
                short = name[:length]
                abbreviations[short] = number if abbreviations.get(short, number) == number else None
    return {**abbreviations, **names}


NAMES = collect_names()
ENGLISH = MONTHS["en"].split()


def find_month(word: str) -> int | None:
    """Return the number of the month of this name, or abbreviated so; None if there is none, or more than one."""
    name = normalize("NFC", word).casefold()
    english = [
        number for number, month in enumerate(ENGLISH, start=1) if len(name) >= SHORTEST and month.startswith(name)
    ]
    return english[0] if len(english) == 1 else NAMES.get(name)
