"""Why a row or a file was refused, or was accepted with a remark: a closed list, translated when shown."""

from __future__ import annotations

from double_random.core.translation import N_, _, join_clauses, join_label

# A row is quarantined.
CHECK_DIGIT = N_("check digit")
PLACEHOLDER_CODE = N_("placeholder code")
CODE_LENGTH = N_("code has not 18 characters")
CODE_CHARACTER = N_("character that no code may have")
PERSONAL_NUMBER = N_("personal ID number in a column that holds none")
DIGITS_LOST = N_("number of which a spreadsheet has lost the last digits: hand it in as text")
NOT_OF_THE_FORM = N_("not of the form of such a number")
NUMBER_CELL = N_("number cell in an identifier column")
ERROR_CELL = N_("Excel shows an error in this cell: mend its formula and hand the row in again")
FORMULA_WITHOUT_VALUE = N_(
    "a formula that no program has computed: open the workbook, save it and hand it in again"
)
MISREAD_TEXT = N_("a Chinese character inside a Latin word: the text's encoding was misread")
COVERED = N_(
    "covered by a cell merged across columns, whose value was taken for its first column alone"
)
NAME_MISSING = N_("name missing")
CELL_MISSING = N_("required cell is empty")
ONE_OF_MISSING = N_("none of the cells that identify it is filled")
NO_SUCH_DATE = N_("no such date")
ZONE_MOVES_DAY = N_("the time zone moves this to another day: write the day alone")
DECIDED_IN_FUTURE = N_("decision date in the future")
DATE_IN_FUTURE = N_("date in the future")
NO_SUCH_AMOUNT = N_("no such amount of money")
NOT_WHOLE_FEN = N_("amount is not a whole number of fen")
UNITS_DIFFER = N_(
    "units of money that contradict each other in the heading, beside the table or in the cell"
)
IMPLAUSIBLE_AMOUNT = N_(
    "implausibly large amount: check its unit, and write the unit into the cell if it is right"
)
UNKNOWN_WORD = N_("word that the layout does not know")
UNKNOWN_KIND = N_("kind that the list of kinds does not know")
CONTRADICTION = N_("one of these kinds excludes the others")
NO_SUCH_YEAR = N_("no such year")
NO_WHOLE_NUMBER = N_("no whole number")
CONTROL_CHARACTER = N_("control character in a cell")
CELL_TOO_LONG = N_("cell with more than 32,767 characters")
MORE_CELLS = N_("more cells than the header has")
FEWER_CELLS = N_("fewer cells than the header has: one was lost, or a line break has torn the row")
NO_SUCH_INSTITUTION = N_("no such institution")  # found by the registry, in the same list
DOCUMENT_TWICE = N_("the same document number twice with different content")  # found at credit load
REPAIRED_TOO_EARLY = N_(  # found at credit load; then ": " and the day
    "repaired before the shortest term of publication, and no order is named, possible from"
)

# A row is accepted with a remark; or a sheet or a column is not read, and that is noted.
UNIT_IN_CELL = N_("unit written in the cell, taken at its word")
UNUSUAL_AMOUNT = N_("unusually large or small amount, taken as it is: check its unit")
MIDNIGHT_IN_CHINA = N_("midnight in China written in another time zone, taken as the day in China")
HIDDEN_MARK = N_("mark that hides or turns the direction in a name, kept as it is")
PRIVATE_USE = N_(
    "private-use character in a name, which other fonts draw otherwise"
)  # then ": " and it
UNKNOWN_COLUMN = N_("unknown column, not read")
SHORT_ROW = N_(
    "fewer cells than the header has: those that lack at the end were taken as empty; check the row"
)
PASSED_OVER = N_("lines that are no rows of the table, passed over")
HIDDEN_ROWS = N_("hidden rows, read like the others: so many")
HIDDEN_COLUMNS = N_("hidden columns, read like the others")
HIDDEN_SHEET = N_("a hidden sheet, read like the others")
UNKNOWN_SHEET = N_("sheet without a known header, not read")

# A file is refused whole.
EMPTY_FILE = N_("the file is empty")
NOT_A_WORKBOOK = N_("not a workbook that can be read")
PROTECTED = N_("the workbook is protected by a password")
FILE_TOO_LARGE = N_("larger than 2 GiB: hand it in as several files")
TOO_LARGE = N_("the workbook needs more memory or time than is allowed")
NO_ENCODING = N_("neither UTF-8 nor GB18030 text")
NO_HEADER = N_("no header of a known layout found")
MISSING_COLUMN = N_("its layout needs a column that is missing")  # then ": " and the column
NEAREST_LAYOUT = N_("the nearest layout is")  # these three as parts after "; "
HEADINGS_LACKING = N_("its headings not found")
HEADINGS_UNKNOWN = N_("headings that it does not know")
NOTHING_WRITTEN = N_("every cell of the file is empty")
PDF = N_("a PDF: ask for the table that it was made from, as XLSX or CSV")
PICTURE = N_("a picture: ask for the table that it shows, as XLSX or CSV")
PACKED = N_("a packed file (RAR, 7z, gz …): unpack it, or pack it as ZIP")
DOCUMENT = N_("a Word document or slides: copy its table into a workbook and save that as XLSX")
DATABASE = N_("a database file: export its table as CSV (UTF-8)")
OPEN_DOCUMENT = N_("an OpenDocument file (ODS): open it and save it as XLSX")
BINARY_WORKBOOK = N_("a binary workbook (XLSB): open it and save it as XLSX")
WEB_ARCHIVE = N_("a web archive (MHT): open it in Excel or WPS and save it as XLSX")
OTHER_XML = N_("an XML or HTML file that holds no table that is read: save it as XLSX or CSV")
PAGE_WITHOUT_TABLE = N_(
    "a web page without a table: an error or log-in page, perhaps; export again"
)
JSON = N_("a JSON file: export it as CSV or XLSX")
ZEROS = N_("nothing but zero bytes: the copy is broken; copy the file again")
LOCK_FILE = N_("a lock file (~$…) of a workbook that is open: close the workbook and hand that in")
NOT_A_FILE = N_("a pipe, a socket or a device, no file: it was not read")
LEADS_OUT = N_(
    "a link that leads out of the drop: it was not followed; copy the file into the drop"
)
LINK_TO_NOTHING = N_("a link to a file that is not there")
FOLDER_CLOSED = N_("a folder that cannot be opened: nothing in it was read")
PERSON_UNREAD = N_(  # then ": " and the headings
    "its layout does not read a column that says which person a row is about"
)
SEPARATOR = N_("columns were parted at")
LINE = N_("line")  # these six as parts after "; ", with ": " and the place
ROW = N_("row")
CHARACTER = N_("character")
BYTE = N_("byte")
LONG_LINE = N_("a line of more than 4 MiB: no table has such rows")
LONG_CELL = N_("a cell of more than 1,000,000 characters, or a quotation mark that is never closed")
TOO_MANY_CELLS = N_("more than 20,000,000 cells or 5,000,000 rows: hand it in as several files")
TWO_COLUMNS = N_("two columns of the header mean the same")
OPEN_QUOTE = N_("a quotation mark is never closed")
TOO_WIDE = N_("more than 1,000 columns")
NESTED_ARCHIVE = N_("an archive within an archive: unpack it")
NOT_AN_ARCHIVE = N_("not an archive that can be read")
ARCHIVE_PROTECTED = N_("the archive is protected by a password")
ARCHIVE_EMPTY = N_("the archive holds no file")
ARCHIVE_TOO_LARGE = N_("the archive unpacks to more than 512 MiB or 1,000 files")
CLIMBS_OUT = N_("a path in the archive leads out of it")
TWO_OF_ONE_NAME = N_("two files in the archive have one name")
NO_TABLE = N_("no table by its name, left alone")
CANNOT_OPEN = N_("the file cannot be opened")


def translate_reason(reason: str) -> str:
    """A reason in words; the part after ": " is not translated. It may have several parts, separated by "; "."""
    if _(reason) != reason:  # a sentence of the list may contain a colon itself
        return _(reason)
    parts = (part.partition(": ") for part in reason.split("; "))
    return join_clauses(
        join_label(_(sentence), name) if colon else _(sentence) for sentence, colon, name in parts
    )
