"""Write docs/authorisation.md."""

from tests.authorisation.page import write

write()
